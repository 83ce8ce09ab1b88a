//! `octo release progression allow`.

use api::{Defect, Project, Release};
use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lets a release go to later phases again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release progression allow --project Web --version 1.2.0")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The number of the release.
    #[arg(long, short)]
    version: Option<String>,
}

/// Lets it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let version = super::super::version(arguments.version, &project, session)?;
    let client = session.client()?;
    let release = super::super::one(&client, &project, &version)?;
    let path = Release::path(&client, &[&release.id, "defects", "resolve"]);
    let resolved: Defect = client.post(&path, &json!({}))?;
    super::show(&resolved, session)
}
