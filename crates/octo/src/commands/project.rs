//! `octo project …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod list;

/// Projects: what is deployed together, and how.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
        }
    }
}
