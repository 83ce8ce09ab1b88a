//! `octo package …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod deploy;
mod deploy_local;
mod extract;
mod inspect;
mod list;
mod nuget;
mod open;
mod upload;
mod versions;
mod zip;

pub(crate) use upload::Existing;

/// Packages: those of the server's feed, and files.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Deploy(deploy::Arguments),
    DeployLocal(deploy_local::Arguments),
    Extract(extract::Arguments),
    Inspect(inspect::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    #[command(subcommand)]
    Nuget(nuget::Verb),
    #[command(visible_alias = "push")]
    Upload(upload::Arguments),
    Versions(versions::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
    #[command(subcommand)]
    Zip(zip::Verb),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Delete(arguments) => delete::run(arguments, session),
            Self::Deploy(arguments) => deploy::run(arguments, session),
            Self::DeployLocal(arguments) => deploy_local::run(arguments, session),
            Self::Extract(arguments) => extract::run(arguments, session),
            Self::Inspect(arguments) => inspect::run(&arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
            Self::Nuget(verb) => verb.run(session),
            Self::Upload(arguments) => upload::run(arguments, session),
            Self::Versions(arguments) => versions::run(arguments, session),
            Self::Zip(verb) => verb.run(session),
        }
    }
}
