//! `octo event …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod list;

/// Events: who changed what, and when.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
        }
    }
}
