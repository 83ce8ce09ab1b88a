//! Substitution of `#{…}` in whole files.

use variables::{EvaluateError, ParseError, VariableSet};

use crate::TransformError;

/// A text after substitution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substituted {
    /// The whole text; what has no value stays in it.
    pub text: String,
    /// Names of symbols that have no value, in order, each once.
    pub missing: Vec<String>,
    /// The first place that starts with `#{` but is nothing of the language. Such places
    /// stay as they are: many files use `#{` for purposes of their own.
    pub parse_error: Option<ParseError>,
}

/// Evaluates each `#{…}` of a text.
///
/// # Errors
/// Variables that form a cycle, nest too deeply, grow past the limits, or ask for absence by `Null`.
pub fn substitute(text: &str, variables: &VariableSet) -> Result<Substituted, TransformError> {
    let evaluation = variables.evaluate_lenient(text);
    let parse_error = match evaluation.error {
        None => None,
        Some(EvaluateError::Parse(error)) => Some(error),
        Some(error) => return Err(error.into()),
    };
    if evaluation.is_null {
        return Err(TransformError::Null);
    }
    Ok(Substituted {
        text: evaluation.text,
        missing: evaluation.missing,
        parse_error,
    })
}
