//! `octo config-file …`.

use ::variables::VariableSet;
use clap::Subcommand;
use transforms::{Outcome, TransformError};

use crate::error::Error;
use crate::session::Session;
use crate::text::{self, Input, Text};
use crate::variable_file;

mod structured;
mod transform;
mod variables;

/// What a deployment would do to a configuration file.
///
/// Each command prints the file as it would be afterwards and nothing else, in its own encoding.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Structured(structured::Arguments),
    Transform(transform::Arguments),
    Variables(variables::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Structured(arguments) => structured::run(arguments, session),
            Self::Transform(arguments) => transform::run(&arguments, session),
            Self::Variables(arguments) => variables::run(arguments, session),
        }
    }
}

/// Prints a file with variables in it; warns when none has a place there.
fn change(
    file: &Input,
    variables: &Input,
    wanted: variable_file::For,
    session: &Session<'_>,
    transform: impl FnOnce(&str, &VariableSet) -> Result<Outcome, TransformError>,
) -> Result<(), Error> {
    text::only_one_standard(&[file, variables])?;
    let variables = variable_file::read(Some(variables), wanted, session)?;
    let text = Text::read(file, session)?;
    let outcome = transform(text.as_str(), &variables).map_err(text.failed("configured"))?;
    if outcome.replaced.is_empty() {
        let warning = format!("{file}: no variable has a place in it.");
        session.output.warn(&warning);
    }
    text.print(&outcome.text, session)
}
