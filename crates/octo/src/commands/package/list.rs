//! `octo package list`.

use api::Package;
use clap::Args;

use crate::error::Error;
use crate::output::{Cell, size};
use crate::session::Session;

/// Lists the packages, each with its newest version.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package list
  octo package list --filter web -f json")]
pub(crate) struct Arguments {
    /// Only those whose id holds this text.
    #[arg(long, short = 'q', value_name = "TEXT")]
    filter: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let filter = arguments.filter.as_deref().unwrap_or_default();
    let mut query = vec![("latest", "true")];
    if !filter.is_empty() {
        query.push(("filter", filter));
    }
    let mut packages: Vec<Package> = client.all(&client.in_space(&["packages"]), &query)?;
    packages.truncate(arguments.limit.unwrap_or(usize::MAX));
    session.output.list(
        &packages,
        &["Package", "Newest version", "Size", "Published"],
        |package| &package.package_id,
        |package| {
            vec![
                (&package.package_id).into(),
                (&package.version).into(),
                Cell::from(size(package.package_size_bytes)).right(),
                session.output.time(&package.published).into(),
            ]
        },
    )?;
    Ok(())
}
