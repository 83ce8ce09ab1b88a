//! The top of a task's page: how it stands, what is happening now, why it failed.

use api::TaskState;
use askama::Template;
use askama::filters::HtmlSafe;

use super::{Now, TaskMachine, TaskView};
use crate::portal::format::plural;
use crate::portal::view::mark::State;

/// Failed machines that are named at the top at most.
const NAMED_FAILURES: usize = 10;

/// Replaced as a whole whenever something in it changes.
#[derive(Template)]
#[template(path = "parts/task_head.html")]
pub(crate) struct TaskHead<'a> {
    pub(crate) task: &'a TaskView,
    pub(crate) now: Now,
    pub(crate) csrf: &'a str,
}

impl HtmlSafe for TaskHead<'_> {}

impl TaskHead<'_> {
    fn state(&self) -> State {
        self.task.state.into()
    }

    fn is_executing(&self) -> bool {
        matches!(
            self.task.state,
            TaskState::Executing | TaskState::Cancelling
        )
    }

    fn can_cancel(&self) -> bool {
        matches!(self.task.state, TaskState::Executing | TaskState::Queued)
    }

    /// `37 machines: 30 success · 5 executing · 2 failed`
    fn tally(&self) -> String {
        let machines = &self.task.machines;
        let order = [
            TaskState::Failed,
            TaskState::Executing,
            TaskState::Cancelling,
            TaskState::Queued,
            TaskState::Success,
            TaskState::Canceled,
        ];
        let counts = order.into_iter().filter_map(|state| {
            let count = machines
                .iter()
                .filter(|machine| machine.state == state)
                .count();
            let word = State::from(state).word.to_lowercase();
            (count > 0).then(|| format!("{count} {word}"))
        });
        let counts: Vec<_> = counts.collect();
        format!(
            "{}: {}",
            plural(machines.len(), "machine"),
            counts.join(" · ")
        )
    }

    /// Position and machine of those that failed, the first few.
    fn failures(&self) -> Vec<(usize, &TaskMachine)> {
        let machines = self
            .task
            .machines
            .iter()
            .zip(1..)
            .map(|(machine, at)| (at, machine));
        machines
            .filter(|(_, machine)| machine.is_failed())
            .take(NAMED_FAILURES)
            .collect()
    }

    fn more_failures(&self) -> usize {
        let failed = self
            .task
            .machines
            .iter()
            .filter(|machine| machine.is_failed())
            .count();
        failed.saturating_sub(NAMED_FAILURES)
    }
}
