//! `octo user …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod delete;
mod list;

/// Users: the people and programs that may sign in.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}
