//! `octo task watch`.

use clap::Args;

use crate::error::Error;
use crate::follow;
use crate::interrupt;
use crate::output::Format;
use crate::session::Session;

/// Prints a task's log as it grows, until the task is complete.
///
/// A lost connection is taken up again where it broke. With -f json, every line is one JSON
/// object: the log entries, and the task as the last line. The exit code is 1 when the task
/// did not succeed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo task watch ServerTasks-42
  octo task watch ServerTasks-42 -f json | jq -r .MessageText")]
pub(crate) struct Arguments {
    /// The task's id.
    #[arg(value_name = "ID")]
    id: String,
}

/// Prints it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let output = &session.output;
    let client = session.client()?;
    let note = |text: &str| output.note(text);
    interrupt::tasks_go_on(&[&arguments.id]);
    let task = follow::follow(&client, &arguments.id, &note, |entry| {
        Ok(output.log_result(entry)?)
    })?;
    if output.format() == Format::Json {
        output.json_line(&task)?;
    }
    follow::judge(&task)?;
    output.note(&format!("{} succeeded.", task.id));
    Ok(())
}
