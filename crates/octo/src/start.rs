//! Starting a task and seeing it through.

use api::{NewTask, Task};

use crate::client::Client;
use crate::error::Error;
use crate::follow;
use crate::interrupt;
use crate::session::Session;

/// Starts a task. Unless `no_wait`, shows its log as progress until it is complete. The task
/// is the result either way.
///
/// # Errors
/// When it cannot be started or followed, or did not succeed.
pub(crate) fn start(
    session: &Session<'_>,
    client: &Client,
    task: &NewTask,
    no_wait: bool,
) -> Result<(), Error> {
    let output = &session.output;
    let task: Task = client.post(&client.in_space(&["tasks"]), task)?;
    output.note(&format!("{}: {}", task.id, task.description));
    if no_wait {
        return Ok(output.task(&task)?);
    }
    interrupt::tasks_go_on(&[&task.id]);
    let task = follow::follow(client, &task.id, &|text| output.note(text), |entry| {
        output.log_progress(entry);
        Ok(())
    })?;
    output.task(&task)?;
    follow::judge(&task)
}
