//! `octo package delete`.

use api::Package;
use clap::Args;

use super::versions;
use crate::commands::parts::{Confirmation, deleted};
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Deletes one version of a package from the feed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package delete --package Acme.Web --version 1.2.0
  octo package delete --package Acme.Web --version 1.2.0 --confirm")]
pub(crate) struct Arguments {
    /// The package's id.
    #[arg(long, short, value_name = "ID")]
    package: Option<String>,
    /// Its version.
    #[arg(long, short)]
    version: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let package = session.pick::<Package>(arguments.package, "--package", "Package")?;
    let version = session.pick_from(arguments.version, "--version", "Version", |client| {
        let all = versions::of_package(client, &package)?;
        Ok(all.into_iter().map(|one| one.version).collect())
    })?;
    let client = session.client()?;
    let all = versions::of_package(&client, &package)?;
    let is_it = |one: &&api::PackageVersion| one.version.eq_ignore_ascii_case(&version);
    let Some(found) = all.iter().find(is_it) else {
        return Err(Error::Unknown {
            kind: "version",
            name: version,
            known: all.into_iter().map(|one| one.version).collect(),
        });
    };
    let name = format!("{} {}", found.package_id, found.version);
    arguments
        .confirmation
        .obtain(&format!("the package {name}"), session)?;
    let id = format!("packages-{}.{}", found.package_id, found.version);
    client.delete(&Package::path(&client, &[&id]))?;
    deleted(&id, &name, Package::KIND, session)
}
