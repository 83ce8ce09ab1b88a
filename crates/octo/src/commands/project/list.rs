//! `octo project list`.

use api::Project;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists the projects.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project list
  octo project list --filter web -f json")]
pub(crate) struct Arguments {
    /// Only those whose name holds this text.
    #[arg(long, short = 'q', value_name = "TEXT")]
    filter: Option<String>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let filter = arguments.filter.unwrap_or_default();
    let query = [("partialName", filter.as_str())];
    let query = if filter.is_empty() { &[] } else { &query[..] };
    let all: Vec<Project> = client.all(&client.in_space(&["projects"]), query)?;
    session.output.list(
        &all,
        &["Name", "Id", "Slug", "Description"],
        |project| &project.name,
        |project| {
            vec![
                (&project.name).into(),
                (&project.id).into(),
                (&project.slug).into(),
                (&project.description).into(),
            ]
        },
    )?;
    Ok(())
}
