//! What a script says: its output line by line, and what its messages ask for.

use std::path::PathBuf;

use super::lines::{Lines, Piece};
use super::masking::{MaskedLog, MaskedStream};
use super::service_message::{Mode, Segment, ServiceMessage, Stream, split};
use super::{Level, Script};

/// A value that a script gives to the steps after it.
#[derive(Clone, PartialEq, Eq)]
pub struct OutputVariable {
    /// Its name, as the script gave it.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it must never be shown.
    pub sensitive: bool,
}

/// Shows no sensitive value.
impl std::fmt::Debug for OutputVariable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.sensitive { "****" } else { &self.value };
        write!(f, "{} = {value:?}", self.name)
    }
}

/// A file that a script wants to be kept with the deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where the file is on this machine.
    pub path: PathBuf,
    /// What the artifact is called.
    pub name: String,
}

/// Reads both outputs of one script.
pub(super) struct Output<'a> {
    log: &'a MaskedLog<'a>,
    script: &'a Script<'a>,
    streams: [OneStream<'a>; 2],
    /// What the script has asked for so far.
    pub(super) heard: Heard,
}

/// What a script has asked for.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) variables: Vec<OutputVariable>,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) result_message: Option<String>,
    /// Whether anything was written to standard error while that counted as an error.
    pub(super) errors: bool,
}

struct OneStream<'a> {
    lines: Lines,
    masked: MaskedStream<'a>,
    mode: Mode,
    default: Level,
}

impl<'a> Output<'a> {
    pub(super) fn new(log: &'a MaskedLog<'a>, script: &'a Script<'a>) -> Self {
        let stream = |default| OneStream {
            lines: Lines::default(),
            masked: log.stream(script.step),
            mode: Mode::Default,
            default,
        };
        Self {
            log,
            script,
            streams: [stream(Level::Info), stream(Level::Error)],
            heard: Heard::default(),
        }
    }

    /// Takes the next bytes of one stream.
    pub(super) fn feed(&mut self, stream: Stream, bytes: &[u8]) {
        let mut pieces = Vec::new();
        self.stream(stream)
            .lines
            .feed(bytes, &mut |piece| pieces.push(piece));
        self.take(stream, pieces);
    }

    /// Both streams are at their end.
    pub(super) fn finish(mut self) -> Heard {
        for stream in [Stream::Out, Stream::Err] {
            let mut pieces = Vec::new();
            self.stream(stream)
                .lines
                .finish(&mut |piece| pieces.push(piece));
            self.take(stream, pieces);
            self.stream(stream).masked.finish();
        }
        self.heard
    }

    fn stream(&mut self, stream: Stream) -> &mut OneStream<'a> {
        let [out, err] = &mut self.streams;
        match stream {
            Stream::Out => out,
            Stream::Err => err,
        }
    }

    fn take(&mut self, stream: Stream, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Line(line) if stream == Stream::Out => self.line_with_messages(&line),
                Piece::Line(line) => {
                    self.text(stream, &line);
                    self.end_line(stream);
                }
                Piece::Part(part) => self.text(stream, &part),
                Piece::EndOfParts => self.end_line(stream),
            }
        }
    }

    fn line_with_messages(&mut self, line: &str) {
        let segments = split(line);
        // A line that held nothing but messages leaves no empty line behind.
        let shown = segments.is_empty()
            || segments
                .iter()
                .any(|segment| matches!(segment, Segment::Text(_)));
        for segment in segments {
            match segment {
                Segment::Text(text) => self.text(Stream::Out, text),
                Segment::Message(message) => self.obey(message),
            }
        }
        if shown {
            self.end_line(Stream::Out);
        }
    }

    fn text(&mut self, stream: Stream, text: &str) {
        let target = self.stream(stream);
        if let Some(level) = target.level() {
            target.masked.text(level, text);
            if stream == Stream::Err && level == Level::Error && !text.trim().is_empty() {
                self.heard.errors = true;
            }
        }
    }

    fn end_line(&mut self, stream: Stream) {
        let target = self.stream(stream);
        if let Some(level) = target.level() {
            target.masked.text(level, "\n");
        }
    }

    fn obey(&mut self, message: ServiceMessage) {
        let step = self.script.step;
        match message {
            ServiceMessage::SetVariable {
                name,
                value,
                sensitive,
            } => {
                if sensitive {
                    self.add_secret(&value);
                }
                self.heard.variables.push(OutputVariable {
                    name,
                    value,
                    sensitive,
                });
            }
            ServiceMessage::CreateArtifact { path, name } => {
                let path = self.script.directory.join(path);
                match path.file_name() {
                    Some(own_name) if path.is_file() => {
                        let name = if name.is_empty() {
                            own_name.to_string_lossy().into_owned()
                        } else {
                            name
                        };
                        self.heard.artifacts.push(Artifact { path, name });
                    }
                    _ => {
                        let text = format!(
                            "The artifact was left out: there is no file \"{}\".",
                            path.display()
                        );
                        self.log.line(Level::Warning, step, &text);
                    }
                }
            }
            ServiceMessage::Progress {
                percentage,
                message,
            } => self.log.progress(step, percentage, &message),
            ServiceMessage::ResultMessage(message) => self.heard.result_message = Some(message),
            ServiceMessage::Mask(secret) => self.add_secret(&secret),
            ServiceMessage::Mode(stream, mode) => self.stream(stream).mode = mode,
            ServiceMessage::Unknown(name) => {
                let text = format!(
                    "The service message \"{name}\" is not known to this Tentacle, and was left out."
                );
                self.log.line(Level::Warning, step, &text);
            }
        }
    }

    fn add_secret(&mut self, value: &str) {
        self.log.add_secret(value);
        for stream in &mut self.streams {
            stream.masked.add_secret(value);
        }
    }
}

impl OneStream<'_> {
    /// How the text is shown now; `None` for not at all.
    fn level(&self) -> Option<Level> {
        match self.mode {
            Mode::Default => Some(self.default),
            Mode::Level(level) => Some(level),
            Mode::Ignore => None,
        }
    }
}
