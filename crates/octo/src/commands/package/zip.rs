//! `octo package zip …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;

/// Plain zip packages in folders.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
        }
    }
}
