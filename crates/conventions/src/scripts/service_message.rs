//! The messages that a script sends in its standard output:
//! `##octopus[name attribute='base64 of UTF-8' …]`.

mod parse;

#[cfg(test)]
mod tests;

use crate::scripts::Level;

/// What a script asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceMessage {
    /// Sets an output variable.
    SetVariable {
        /// Its name, not empty.
        name: String,
        /// Its value.
        value: String,
        /// Whether the value is never to be shown.
        sensitive: bool,
    },
    /// Keeps a file with the deployment.
    CreateArtifact {
        /// Where the file is.
        path: String,
        /// What the artifact is called; empty for the file's own name.
        name: String,
    },
    /// How far the step has come.
    Progress {
        /// From 0 to 100.
        percentage: u8,
        /// What it does now; may be empty.
        message: String,
    },
    /// The sentence that sums up the step.
    ResultMessage(String),
    /// A text that is to be masked from now on.
    Mask(String),
    /// How the lines of a stream are shown from now on.
    Mode(Stream, Mode),
    /// Well formed, but of a kind that is not known here.
    Unknown(String),
}

/// One of a script's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// How the lines of a stream are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `Info` for standard output, `Error` for standard error.
    Default,
    /// With this level.
    Level(Level),
    /// Not at all.
    Ignore,
}

/// A part of a line of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Plain output; what looks like a message and is none is plain output, too.
    Text(&'a str),
    /// A message.
    Message(ServiceMessage),
}

/// Splits a line, given without its line break, into messages and plain output.
pub fn split(line: &str) -> Vec<Segment<'_>> {
    const START: &str = "##octopus[";
    let mut segments = Vec::new();
    let mut rest = line;
    // Where the search for the next start goes on, behind starts that were no message.
    let mut from = 0;
    while let Some(at) = rest
        .get(from..)
        .and_then(|text| text.find(START))
        .map(|at| at + from)
    {
        let (before, message) = rest.split_at(at);
        match parse::message(message.get(START.len()..).unwrap_or_default()) {
            Some((message, after)) => {
                if !before.is_empty() {
                    segments.push(Segment::Text(before));
                }
                segments.push(Segment::Message(message));
                (rest, from) = (after, 0);
            }
            None => from = at + START.len(),
        }
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest));
    }
    segments
}
