//! A log that shows no secrets.

use std::cell::RefCell;

use variables::Masker;

use super::{Artifact, Level, Log};

/// The longest line that a [`Log`] is given, in bytes. A longer one becomes several.
const MAX_LINE: usize = 64 * 1024;

/// Masks sensitive values in all that goes to a [`Log`].
pub struct MaskedLog<'a> {
    log: &'a dyn Log,
    masker: RefCell<Masker>,
}

impl<'a> MaskedLog<'a> {
    /// Masks these values, and those that are added later.
    pub fn new<S: AsRef<str>>(log: &'a dyn Log, secrets: impl IntoIterator<Item = S>) -> Self {
        Self {
            log,
            masker: RefCell::new(Masker::new(secrets)),
        }
    }

    /// Masks one more value from here on.
    pub fn add_secret(&self, value: &str) {
        self.masker.borrow_mut().add(value);
    }

    /// The text without secrets.
    pub fn mask(&self, text: &str) -> String {
        self.masker.borrow().mask(text)
    }

    /// Logs a text, which may have several lines.
    pub fn line(&self, level: Level, step: &str, text: &str) {
        for line in self.mask(text).lines() {
            self.put(level, step, line);
        }
    }

    /// Reports progress, see [`Log::progress`].
    pub fn progress(&self, step: &str, percentage: u8, message: &str) {
        self.log.progress(step, percentage, &self.mask(message));
    }

    /// Has files kept, see [`Log::keep`]. Their names are masked, their contents are not. One that can't be kept
    /// becomes a warning.
    pub fn keep(&self, step: &str, artifacts: &[Artifact]) {
        for Artifact { path, name } in artifacts {
            let artifact = Artifact {
                path: path.clone(),
                name: self.mask(name),
            };
            if let Err(error) = self.log.keep(&artifact) {
                let path = path.display();
                let text = format!("The artifact {name} ({path}) could not be kept: {error}");
                self.line(Level::Warning, step, &text);
            }
        }
    }

    /// A stream of text that comes in pieces.
    pub(super) fn stream(&'a self, step: &'a str) -> MaskedStream<'a> {
        MaskedStream {
            log: self,
            step,
            masker: self.masker.borrow().clone(),
            line: String::new(),
            level: Level::Info,
        }
    }

    /// Logs a line that is masked already.
    fn put(&self, level: Level, step: &str, line: &str) {
        // A database column of text, and a terminal, cannot take a NUL.
        let line = line.replace('\0', "\u{FFFD}");
        let mut rest = line.as_str();
        while rest.len() > MAX_LINE {
            let (part, after) = rest.split_at(rest.floor_char_boundary(MAX_LINE));
            self.log.line(level, step, part);
            rest = after;
        }
        self.log.line(level, step, rest);
    }
}

impl std::fmt::Debug for MaskedLog<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MaskedLog")
    }
}

/// Masks a stream, also where a secret is split between its pieces or lines.
pub(super) struct MaskedStream<'a> {
    log: &'a MaskedLog<'a>,
    step: &'a str,
    masker: Masker,
    /// The line so far, masked.
    line: String,
    level: Level,
}

impl MaskedStream<'_> {
    /// Masks one more value, also in what is still held back.
    pub(super) fn add_secret(&mut self, value: &str) {
        self.masker.add(value);
    }

    /// Takes the next text. A line is logged with the level of what completes it.
    pub(super) fn text(&mut self, level: Level, text: &str) {
        self.level = level;
        let shown = self.masker.push(text);
        self.show(&shown);
    }

    /// The stream is at its end.
    pub(super) fn finish(&mut self) {
        let shown = self.masker.finish();
        self.show(&shown);
        if !self.line.is_empty() {
            self.log
                .put(self.level, self.step, &std::mem::take(&mut self.line));
        }
    }

    fn show(&mut self, text: &str) {
        for part in text.split_inclusive('\n') {
            match part.strip_suffix('\n') {
                Some(part) => {
                    self.line.push_str(part);
                    self.log
                        .put(self.level, self.step, &std::mem::take(&mut self.line));
                }
                None => self.line.push_str(part),
            }
            if self.line.len() > MAX_LINE {
                let rest = self.line.split_off(self.line.floor_char_boundary(MAX_LINE));
                self.log.put(
                    self.level,
                    self.step,
                    &std::mem::replace(&mut self.line, rest),
                );
            }
        }
    }
}
