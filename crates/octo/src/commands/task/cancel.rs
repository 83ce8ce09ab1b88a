//! `octo task cancel`.

use api::Task;
use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::session::Session;

/// Asks a task to stop.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo task cancel ServerTasks-42")]
pub(crate) struct Arguments {
    /// The task's id.
    #[arg(value_name = "ID")]
    id: String,
}

/// Asks it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let path = client.in_space(&["tasks", &arguments.id, "cancel"]);
    let task: Task = client.post(&path, &json!({}))?;
    Ok(session.output.task(&task)?)
}
