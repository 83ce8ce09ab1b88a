//! What can go wrong when a template is read or evaluated.

use thiserror::Error;

/// A template that does not follow the grammar. Such a template stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ParseError {
    /// Line of the mistake, from 1.
    pub line: usize,
    /// Column of the mistake in characters, from 1.
    pub column: usize,
    /// What was found and what the grammar wants there.
    pub message: String,
}

impl ParseError {
    /// An error at a byte offset of `text`; an offset inside a character counts as its start.
    pub(crate) fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = text
            .char_indices()
            .take_while(|(start, _)| *start < offset)
            .map(|(_, c)| c);
        let (mut line, mut column) = (1, 1);
        for c in before {
            if c == '\n' {
                line += 1;
                column = 1;
            } else {
                column += 1;
            }
        }
        Self {
            line,
            column,
            message: message.into(),
        }
    }
}

/// Why a template has no result of its own.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvaluateError {
    /// The template does not follow the grammar.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A variable needs its own value.
    #[error("variables refer to each other in a circle: {}; break it at one of them", .chain.join(" -> "))]
    Cycle {
        /// Names of the variables; the first and the last are the same.
        chain: Vec<String>,
    },
    /// Variables, loops and conditions are nested too deeply.
    #[error("variables, loops and conditions are nested deeper than {limit} levels; flatten them")]
    TooDeep {
        /// Levels that are allowed.
        limit: usize,
    },
    /// The result, or the work for it, grows past the limit.
    #[error(
        "the result is longer than {limit} bytes, or takes too many steps; look for variables or loops that multiply each other"
    )]
    TooLarge {
        /// Bytes that are allowed.
        limit: usize,
    },
}
