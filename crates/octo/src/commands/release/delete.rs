//! `octo release delete`.

use api::{Project, Release};
use clap::Args;

use crate::commands::parts::Confirmation;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Deletes releases of a project, with what is known of their deployments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release delete --project Web --version 1.2.0
  octo release delete --project Web --version 1.2.0 --version 1.2.1 --confirm")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The number of a release; may be given several times.
    #[arg(long, short)]
    version: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let mut versions = arguments.version;
    if versions.is_empty() {
        versions.push(super::version(None, &project, session)?);
    }
    let client = session.client()?;
    // All are found before the first goes.
    let found = versions
        .iter()
        .map(|version| super::one(&client, &project, version))
        .collect::<Result<Vec<Release>, Error>>()?;
    let what = format!("{} of the project {project}", versions.join(", "));
    arguments.confirmation.obtain(&what, session)?;
    for release in &found {
        client.delete(&Release::path(&client, &[&release.id]))?;
    }
    session.output.list(
        &found,
        &["Deleted", "Id"],
        |release| &release.version,
        |release| vec![(&release.version).into(), (&release.id).into()],
    )?;
    Ok(())
}
