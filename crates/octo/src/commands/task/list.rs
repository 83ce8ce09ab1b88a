//! `octo task list`.

use api::{Page, Task, TaskState};
use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::session::Session;

/// Lists the tasks, newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo task list
  octo task list --state queued --state executing
  octo task list --state failed --limit 5 -f json")]
pub(crate) struct Arguments {
    /// Only those in this state; may be given several times.
    #[arg(long, value_name = "STATE")]
    state: Vec<State>,
    /// How many at most.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// A task's state as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum State {
    Queued,
    Executing,
    Success,
    Failed,
    Canceled,
    Cancelling,
}

impl From<State> for TaskState {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Executing => Self::Executing,
            State::Success => Self::Success,
            State::Failed => Self::Failed,
            State::Canceled => Self::Canceled,
            State::Cancelling => Self::Cancelling,
        }
    }
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let states: Vec<String> = arguments
        .state
        .iter()
        .map(|state| format!("{:?}", TaskState::from(*state)))
        .collect();
    let states = states.join(",");
    let limit = arguments.limit.to_string();
    let mut query = vec![("skip", "0"), ("take", limit.as_str())];
    if !states.is_empty() {
        query.push(("states", &states));
    }
    let page: Page<Task> = client.get(&client.in_space(&["tasks"]), &query)?;
    session.output.tasks(&page.items)?;
    let shown = page.items.len() as u64;
    if shown > 0 && shown < page.total_results {
        let total = page.total_results;
        session
            .output
            .note(&format!("{shown} of {total} tasks; --limit shows more."));
    }
    Ok(())
}
