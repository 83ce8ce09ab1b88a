//! What variables say about how scripts run, with a package or without.

use std::time::Duration;

use thiserror::Error;
use variables::{EvaluateError, Variable, VariableSet};

use super::{Level, MaskedLog};

const TIMEOUT: &str = "Octopus.Action.Script.Timeout";

/// Why nobody knows how long a script may take.
#[derive(Debug, Error)]
pub enum TimeoutError {
    /// The variable is no time.
    #[error(
        "the variable {TIMEOUT} must be a number of seconds greater than 0, and is \"{value}\""
    )]
    Value {
        /// What it is.
        value: String,
    },
    /// The variable has no value.
    #[error("the variable {TIMEOUT} cannot be evaluated")]
    Variable {
        /// Why not.
        source: EvaluateError,
    },
}

/// How long each script may take; `None` for as long as it likes.
///
/// # Errors
/// The variable makes no sense.
pub fn timeout(variables: &VariableSet) -> Result<Option<Duration>, TimeoutError> {
    let value = variables.get(TIMEOUT);
    let value = value.map_err(|source| TimeoutError::Variable { source })?;
    let value = value.unwrap_or_default().trim().to_owned();
    if value.is_empty() {
        return Ok(None);
    }
    let seconds = value
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds.filter(|timeout| !timeout.is_zero()) {
        Some(timeout) => Ok(Some(timeout)),
        None => Err(TimeoutError::Value { value }),
    }
}

/// All variables as scripts get them. One that cannot be evaluated is given as it is written.
pub fn values(variables: &VariableSet, log: &MaskedLog<'_>, step: &str) -> Vec<(String, String)> {
    let evaluate = |variable: &Variable| match variables.get(&variable.name) {
        Ok(value) => Some((variable.name.clone(), value?)),
        Err(error) => {
            let name = &variable.name;
            let text = format!("The variable {name} is given to scripts as it is written: {error}");
            log.line(Level::Verbose, step, &text);
            Some((name.clone(), variable.value.clone()))
        }
    };
    variables.iter().filter_map(evaluate).collect()
}
