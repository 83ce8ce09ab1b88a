//! `octo tentacle …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod upgrade;
mod versions;

/// The Tentacles on the deployment targets.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Upgrade(upgrade::Arguments),
    Versions(versions::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Upgrade(arguments) => upgrade::run(arguments, session),
            Self::Versions(arguments) => versions::run(arguments, session),
        }
    }
}
