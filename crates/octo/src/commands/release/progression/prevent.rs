//! `octo release progression prevent`.

use api::{Defect, NewDefect, Project, Release};
use clap::Args;

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Keeps a release from later phases, until that is allowed again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release progression prevent --project Web --version 1.2.0 --reason 'Orders are lost'")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The number of the release.
    #[arg(long, short)]
    version: Option<String>,
    /// Why it is to go no further.
    #[arg(long, short)]
    reason: Option<String>,
}

/// Keeps it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let version = super::super::version(arguments.version, &project, session)?;
    let description = session.required(arguments.reason, "--reason", "Reason")?;
    let client = session.client()?;
    let release = super::super::one(&client, &project, &version)?;
    let path = Release::path(&client, &[&release.id, "defects"]);
    let reported: Defect = client.post(&path, &NewDefect { description })?;
    super::show(&reported, session)
}
