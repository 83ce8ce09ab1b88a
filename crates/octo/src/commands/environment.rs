//! `octo environment …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod list;

/// Environments: where deployment targets belong.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}
