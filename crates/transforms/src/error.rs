//! Why a text can't be transformed.

use thiserror::Error;
use variables::EvaluateError;

/// Why a document type declaration is refused, and what to do.
pub(crate) const DTD: &str =
    "the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it";

/// A failure; the source text is to stay as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransformError {
    /// The text is not of its format.
    #[error("line {line}, column {column}: {message}; correct the {format} of the file")]
    Syntax {
        /// Name of the format: `XML`, `JSON` …
        format: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A document type declaration: it could pull in other files, so it is refused.
    #[error("line {line}, column {column}: {DTD}")]
    Dtd {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// The file is in no format that is known for it.
    #[error("variables can't be put into this file: {}", .reasons.join("; "))]
    NoFormat {
        /// For each format that was tried, why it is not that one.
        reasons: Vec<String>,
    },
    /// A variable has no value that could be written.
    #[error(
        "the variable `{name}` can't be evaluated; correct it, or the variables that it refers to"
    )]
    Variable {
        /// Name of the variable.
        name: String,
        /// Why not.
        source: EvaluateError,
    },
    /// The text as a whole can't be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// A value that the format can't hold.
    #[error(
        "the value of the variable `{name}` holds the character U+{character:04X}, which XML does not allow; remove it"
    )]
    ForbiddenCharacter {
        /// Name of the variable.
        name: String,
        /// The character.
        character: u32,
    },
    /// A value that its place in the file can't hold.
    #[error("the variable `{name}` can't be written into the file: {reason}")]
    Value {
        /// Name of the variable.
        name: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// An instruction of an XDT transform that can't be followed, or a transform that is no XML.
    #[error("line {line}, column {column} of the transform: {message}")]
    Xdt {
        /// Line of the transform, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong there, and what to do.
        message: String,
    },
    /// The filter `Null` in a text that is no variable.
    #[error(
        "the text uses the filter `Null`, which makes a variable absent and means nothing for a file; remove it"
    )]
    Null,
}
