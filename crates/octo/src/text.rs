//! Files of text that commands read, change and print: stored on the way out as they were on the way in.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use transforms::TransformError;
use transforms::encoding::{Decoded, EncodingError, decode};

use crate::error::Error;
use crate::files::failed;
use crate::session::Session;

/// Where a text comes from, as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// `-`.
    Standard,
    /// A path.
    File(PathBuf),
}

impl From<OsString> for Input {
    fn from(argument: OsString) -> Self {
        match argument == "-" {
            true => Self::Standard,
            false => Self::File(argument.into()),
        }
    }
}

impl Input {
    /// The name of the file without its folder; standard input has none.
    pub(crate) fn file_name(&self) -> Cow<'_, str> {
        match self {
            Self::Standard => Cow::Borrowed(""),
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy(),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// A text with its origin and encoding.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    input: &'a Input,
    decoded: Decoded,
}

impl<'a> Text<'a> {
    /// Reads it whole.
    ///
    /// # Errors
    /// When it cannot be read or is no text.
    pub(crate) fn read(input: &'a Input, session: &Session<'_>) -> Result<Self, Error> {
        let bytes = match input {
            Input::Standard => session.around.read_input_bytes()?,
            Input::File(path) => std::fs::read(path).map_err(failed("read", path))?,
        };
        let decoded = decode(&bytes).map_err(|source| encoding("read", input, source))?;
        Ok(Self { input, decoded })
    }

    /// The text, without byte order mark.
    pub(crate) fn as_str(&self) -> &str {
        &self.decoded.text
    }

    /// For `map_err`: it cannot be `verb` (such as `evaluated`).
    pub(crate) fn failed<E: Into<TransformError>>(
        &self,
        verb: &'static str,
    ) -> impl FnOnce(E) -> Error {
        let name = self.input.to_string();
        move |source| Error::Text {
            verb,
            name,
            source: source.into(),
        }
    }

    /// Prints another text in the encoding of this one, and nothing else.
    ///
    /// # Errors
    /// When the encoding lacks a character, or standard output is closed.
    pub(crate) fn print(&self, text: &str, session: &Session<'_>) -> Result<(), Error> {
        let bytes = self.decoded.encode(text);
        let bytes = bytes.map_err(|source| encoding("stored", self.input, source))?;
        Ok(session.output.bytes(&bytes)?)
    }
}

/// Checks that standard input is to be read once at most.
///
/// # Errors
/// When two of the inputs are `-`.
pub(crate) fn only_one_standard(inputs: &[&Input]) -> Result<(), Error> {
    let standard = inputs.iter().filter(|input| ***input == Input::Standard);
    match standard.count() {
        0 | 1 => Ok(()),
        _ => Err(Error::usage(
            "Standard input cannot be two files at once.",
            "Give - once, and the path of a file for the other.",
        )),
    }
}

fn encoding(verb: &'static str, input: &Input, source: EncodingError) -> Error {
    Error::Encoding {
        verb,
        name: input.to_string(),
        source,
    }
}
