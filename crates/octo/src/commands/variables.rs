//! `octo variables …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod evaluate;

/// Variables and the language #{…}.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Evaluate(evaluate::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Evaluate(arguments) => evaluate::run(arguments, session),
        }
    }
}
