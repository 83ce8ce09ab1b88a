//! Compares what the server tells of its tasks with what the machines know.

use std::collections::BTreeMap;

use api::TaskState;
use wire::v1::work_state::Phase;

/// What the machines know.
#[derive(Default)]
pub(super) struct Truth {
    /// Task → how often its work was begun, and whether it ended well.
    tasks: BTreeMap<String, (u32, bool)>,
}

impl Truth {
    /// Takes over a machine's memory: ticket → runs, ticket → how it ended.
    pub(super) fn add(&mut self, runs: &BTreeMap<String, u32>, outcomes: &BTreeMap<String, Phase>) {
        for (ticket, runs) in runs {
            let row = ticket.split('-').next().unwrap_or_default();
            let task = self.tasks.entry(format!("ServerTasks-{row}")).or_default();
            task.0 += runs;
            task.1 |= outcomes.get(ticket) == Some(&Phase::Succeeded);
        }
    }
}

/// One sentence for each mistake of the server.
pub(super) fn mistakes(
    ordered: &[String],
    told: &BTreeMap<String, TaskState>,
    truth: &Truth,
) -> Vec<String> {
    let mut mistakes = Vec::new();
    for id in ordered {
        let (runs, well) = truth.tasks.get(id).copied().unwrap_or_default();
        match told.get(id) {
            None => mistakes.push(format!("{id} is lost")),
            Some(state) if !state.is_completed() => mistakes.push(format!("{id} never ended")),
            Some(TaskState::Success) if !well => {
                mistakes.push(format!("{id} is called a success and was none"));
            }
            Some(state) if well && *state != TaskState::Success => {
                mistakes.push(format!("{id} is called {state:?} and was a success"));
            }
            Some(_) if runs == 0 => mistakes.push(format!("{id} was never run")),
            Some(_) => {}
        }
        if runs > 1 {
            mistakes.push(format!("{id} was run {runs} times"));
        }
    }
    mistakes
}
