//! `octo package versions`.

use api::PackageVersion;
use clap::Args;

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
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let package = session.required(arguments.package, "--package", "Id of the package")?;
    let client = session.client()?;
    let path = client.in_space(&["feeds", "feeds-builtin", "packages", "versions"]);
    let versions: Vec<PackageVersion> = client.all(&path, &[("packageId", &package)])?;
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
