//! `octo package versions`.

use api::{Package, PackageVersion};
use clap::Args;

use crate::client::Client;
use crate::error::Error;
use crate::output::{Cell, size};
use crate::session::Session;

/// Lists the versions of a package, newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package versions --package Acme.Web
  octo package versions --package Acme.Web -f basic | head -1")]
pub(crate) struct Arguments {
    /// The package's id.
    #[arg(long, value_name = "ID")]
    package: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let package = session.pick::<Package>(arguments.package, "--package", "Package")?;
    let client = session.client()?;
    let mut versions = of_package(&client, &package)?;
    versions.truncate(arguments.limit.unwrap_or(usize::MAX));
    session.output.list(
        &versions,
        &["Version", "Size", "Published"],
        |version| &version.version,
        |version| {
            vec![
                (&version.version).into(),
                Cell::from(size(version.size_bytes)).right(),
                session.output.time(&version.published).into(),
            ]
        },
    )?;
    Ok(())
}

/// The versions of a package, the newest first.
///
/// # Errors
/// When the server cannot be asked.
pub(super) fn of_package(client: &Client, package: &str) -> Result<Vec<PackageVersion>, Error> {
    let path = client.in_space(&["feeds", "feeds-builtin", "packages", "versions"]);
    Ok(client.all(&path, &[("packageId", package)])?)
}
