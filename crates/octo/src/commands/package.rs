//! `octo package …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod deploy;
mod list;
mod nuget;
mod upload;
mod versions;

/// Packages of the server's feed.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Deploy(deploy::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    #[command(subcommand)]
    Nuget(nuget::Verb),
    #[command(visible_alias = "push")]
    Upload(upload::Arguments),
    Versions(versions::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Deploy(arguments) => deploy::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
            Self::Nuget(verb) => verb.run(session),
            Self::Upload(arguments) => upload::run(arguments, session),
            Self::Versions(arguments) => versions::run(arguments, session),
        }
    }
}
