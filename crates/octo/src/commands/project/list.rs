//! `octo project list`.

use api::Project;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the projects.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project list
  octo project list --filter web -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Project> = arguments
        .filter
        .apply(&client, &Project::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Name", "Id", "Slug", "Description"],
        |one| one.name(),
        |one| {
            vec![
                (&one.name).into(),
                (&one.id).into(),
                (&one.slug).into(),
                (&one.description).into(),
            ]
        },
    )?;
    Ok(())
}
