//! `octo build-information …`.

use api::BuildInformation;
use clap::{Args, Subcommand};

use crate::client::Client;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

mod delete;
mod list;
mod upload;
mod view;

/// Build information: what a build server told about the builds that made packages.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "push")]
    Upload(upload::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Upload(arguments) => upload::run(arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// Which one is meant: by its id, or by the package and its version.
#[derive(Debug, Args)]
struct Which {
    /// Its id.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The package's id.
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    package_id: Option<String>,
    /// The package's version.
    #[arg(long, conflicts_with = "id")]
    version: Option<String>,
}

impl Which {
    fn find(self, session: &Session<'_>) -> Result<BuildInformation, Error> {
        if let Some(id) = self.id {
            let client = session.client()?;
            return Ok(client.get(&BuildInformation::path(&client, &[&id]), &[])?);
        }
        let package = session.required(self.package_id, "--package-id", "Id of the package")?;
        let version = session.required(self.version, "--version", "Version of the package")?;
        let all = of_package(&session.client()?, &package)?;
        let found = all.iter().find(|one| one.version == version).cloned();
        found.ok_or_else(|| Error::Unknown {
            kind: "build information of version",
            name: version,
            known: all.into_iter().map(|one| one.version).collect(),
        })
    }
}

/// All of a package.
fn of_package(client: &Client, package: &str) -> Result<Vec<BuildInformation>, Error> {
    let path = BuildInformation::path(client, &[]);
    Ok(client.all(&path, &[("packageId", package)])?)
}
