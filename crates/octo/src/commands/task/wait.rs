//! `octo task wait`.

use std::thread;
use std::time::{Duration, Instant};

use api::Task;
use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::follow::{self, MOST_PATIENCE, Patience};
use crate::interrupt;
use crate::session::Session;

use self::progress::Progress;

mod progress;

/// Waits until tasks are complete, and lists them.
///
/// Ids come as arguments, or from standard input when there are none. The exit code is 1 when
/// a task did not succeed or the time ran out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo task wait ServerTasks-42 ServerTasks-43 --timeout 900
  octo task wait ServerTasks-42 --progress --cancel-on-timeout
  octo package deploy Acme.Web --environment Staging --no-wait -f basic | octo task wait")]
pub(crate) struct Arguments {
    /// The tasks' ids.
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Seconds to wait at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Seconds between two looks.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    poll_interval: u64,
    /// Cancel the tasks that are not complete when the time runs out.
    #[arg(long)]
    cancel_on_timeout: bool,
    /// Tell on standard error how far the tasks are; on a terminal, bars always do.
    #[arg(long)]
    progress: bool,
}

/// Waits.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let ids = ids(arguments.ids, session)?;
    let client = session.client()?;
    let begin = Instant::now();
    let limit = Duration::from_secs(arguments.timeout);
    let note = |text: &str| session.output.note(text);
    let mut patience = Patience::new(limit.min(MOST_PATIENCE), &note);
    let mut progress = Progress::new(arguments.progress, &ids, session);
    interrupt::tasks_go_on(&ids);
    let mut tasks: Vec<Task>;
    loop {
        tasks = Vec::new();
        for id in &ids {
            let task = patience.ask(|| follow::task(&client, id))?;
            progress.tell(&client, &task, &mut patience)?;
            tasks.push(task);
        }
        let left = limit.saturating_sub(begin.elapsed());
        if left.is_zero() || tasks.iter().all(|task| task.is_completed) {
            break;
        }
        thread::sleep(Duration::from_secs(arguments.poll_interval).min(left));
    }
    progress.end();
    let open: Vec<String> = ids_where(&tasks, |task| !task.is_completed);
    if arguments.cancel_on_timeout {
        for task in tasks.iter_mut().filter(|task| !task.is_completed) {
            let path = client.in_space(&["tasks", &task.id, "cancel"]);
            *task = client.post(&path, &json!({}))?;
        }
    }
    session.output.tasks(&tasks)?;
    if !open.is_empty() {
        return Err(Error::TimedOut {
            seconds: arguments.timeout,
            ids: open,
            cancelled: arguments.cancel_on_timeout,
        });
    }
    match tasks.as_slice() {
        [one] => follow::judge(one),
        many => match ids_where(many, |task| !task.finished_successfully) {
            bad if bad.is_empty() => Ok(()),
            bad => Err(Error::Tasks {
                ids: bad,
                total: many.len(),
            }),
        },
    }
}

/// The ids to wait for, each once.
fn ids(given: Vec<String>, session: &Session<'_>) -> Result<Vec<String>, Error> {
    let given = if given.is_empty() && !session.around.input_is_terminal {
        let input = session.around.read_input()?;
        input.split_whitespace().map(str::to_owned).collect()
    } else {
        given
    };
    let mut ids: Vec<String> = Vec::new();
    for id in given {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Err(Error::usage(
            "No task is named.",
            "Give the ids of tasks as arguments, or one per line on standard input.",
        ));
    }
    Ok(ids)
}

fn ids_where(tasks: &[Task], wanted: impl Fn(&Task) -> bool) -> Vec<String> {
    tasks
        .iter()
        .filter(|task| wanted(task))
        .map(|task| task.id.clone())
        .collect()
}
