//! `octo build-information list`.

use api::BuildInformation;
use clap::Args;

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the build information of all packages or of one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo build-information list
  octo build-information list --package-id Acme.Web --limit 5 -f json")]
pub(crate) struct Arguments {
    /// Only that of this package.
    #[arg(long, short, value_name = "ID")]
    package_id: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let mut all = match &arguments.package_id {
        Some(package) => super::of_package(&client, package)?,
        None => BuildInformation::list(&client)?,
    };
    all.truncate(arguments.limit.unwrap_or(usize::MAX));
    session.output.list(
        &all,
        &["Package", "Version", "Id", "Build", "Branch", "Commit"],
        |one| &one.id,
        |one| {
            vec![
                (&one.package_id).into(),
                (&one.version).into(),
                (&one.id).into(),
                (&one.build_number).into(),
                (&one.branch).into(),
                (&one.vcs_commit_number).into(),
            ]
        },
    )?;
    Ok(())
}
