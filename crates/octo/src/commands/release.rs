//! `octo release …`.

use api::{Project, Release};
use clap::Subcommand;

use crate::client::{Client, ClientError};
use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

mod create;
mod delete;
mod deploy;
mod list;
mod moment;
mod progression;
mod prompts;

/// Releases: a project with the versions of its packages, as it is deployed.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    Deploy(deploy::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
    #[command(subcommand)]
    Progression(progression::Verb),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::Deploy(arguments) => deploy::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
            Self::Progression(verb) => verb.run(session),
        }
    }
}

/// The releases of a project, the newest first.
fn of_project(client: &Client, project: &str) -> Result<Vec<Release>, Error> {
    let path = Project::path(client, &[project, "releases"]);
    client
        .all(&path, &[])
        .map_err(|error| names::explained_project(error, client, project))
}

/// The release of a project with this number.
///
/// # Errors
/// When there is none; the error holds the numbers that there are.
fn one(client: &Client, project: &str, version: &str) -> Result<Release, Error> {
    let path = Project::path(client, &[project, "releases", version]);
    match client.get(&path, &[]) {
        Ok(release) => Ok(release),
        Err(error @ ClientError::Refused { status: 404, .. }) => {
            let all = of_project(client, project)?;
            names::find(&all, version).map(|_| ())?;
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The number of a release; chosen from the project's when none is given.
fn version(given: Option<String>, project: &str, session: &Session<'_>) -> Result<String, Error> {
    session.pick_from(given, "--version", "Release", |client| {
        Ok(names::names(&of_project(client, project)?))
    })
}
