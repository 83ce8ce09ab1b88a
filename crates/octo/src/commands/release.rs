//! `octo release …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod deploy;
mod list;

/// Releases: a project with the versions of its packages, as it is deployed.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    Deploy(deploy::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::Deploy(arguments) => deploy::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
        }
    }
}
