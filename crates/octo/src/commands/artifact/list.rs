//! `octo artifact list`.

use api::Artifact;
use clap::Args;

use crate::error::Error;
use crate::output::{Cell, size};
use crate::session::Session;

/// Lists the artifacts of all tasks or of one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo artifact list --task ServerTasks-42
  octo artifact list --limit 20 -f json")]
pub(crate) struct Arguments {
    /// Only those of this task.
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let query = arguments.task.as_deref().map(|task| ("regarding", task));
    let query: Vec<(&str, &str)> = query.into_iter().collect();
    let mut all: Vec<Artifact> = client.all(&client.in_space(&["artifacts"]), &query)?;
    all.truncate(arguments.limit.unwrap_or(usize::MAX));
    let output = &session.output;
    output.list(
        &all,
        &["Id", "File", "Size", "Task", "Created"],
        |one| &one.id,
        |one| {
            vec![
                (&one.id).into(),
                (&one.filename).into(),
                Cell::from(size(one.size)).right(),
                (&one.server_task_id).into(),
                output.time(&one.created).into(),
            ]
        },
    )?;
    Ok(())
}
