//! `octo build-information view`.

use clap::Args;

use super::Which;
use crate::error::Error;
use crate::output::Cell;
use crate::session::Session;

/// Shows what a build told about one version of a package.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo build-information view BuildInformation-7
  octo build-information view --package-id Acme.Web --version 1.2.0")]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let found = arguments.which.find(session)?;
    let mut fields = vec![
        ("Id", Cell::from(&found.id)),
        (
            "Package",
            format!("{} {}", found.package_id, found.version).into(),
        ),
        ("Built by", (&found.build_environment).into()),
        ("Build", (&found.build_number).into()),
        ("Address", (&found.build_url).into()),
        ("Branch", (&found.branch).into()),
        ("Repository", (&found.vcs_root).into()),
        ("Revision", (&found.vcs_commit_number).into()),
    ];
    let commits = found.commits.iter();
    let text = commits.map(|commit| Cell::from(format!("{}  {}", commit.id, commit.comment)));
    fields.extend(text.map(|text| ("Commit", text)));
    session.output.record(&found, &found.id, fields)?;
    Ok(())
}
