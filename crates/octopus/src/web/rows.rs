//! From rows of the store to rows of pages.

use std::collections::BTreeMap;

use api::{Machine, TaskName, TaskState, UpgradeStatus};

use super::moment;
use crate::{
    app::App,
    lookup,
    portal::view::{
        MachineRow, TaskArtifact, TaskMachine, TaskQuestion, TaskRow, TaskView, Upgrade,
    },
    rest,
    store::{Result, interruptions, left::Artifact, targets::Target, tasks::Task},
};

/// Every machine as pages show it, with the resource that it was made from.
pub(super) async fn machines(app: &App) -> Result<Vec<(MachineRow, Machine)>> {
    let upgrading = app.store.activities(TaskName::Upgrade).await?;
    let failed = app.store.newest_failed(TaskName::Upgrade).await?;
    let rows = rest::all_machines(app).await?.into_iter().map(|machine| {
        let row = lookup::row_id("Machines", &machine.id).unwrap_or(0);
        (
            machine_row(&machine, upgrading.get(&row), failed.get(&row)),
            machine,
        )
    });
    Ok(rows.collect())
}

fn machine_row(
    machine: &Machine,
    activity: Option<&(i64, String, i64)>,
    failed: Option<&i64>,
) -> MachineRow {
    let details = &machine.endpoint.tentacle_version_details;
    let upgrade = match (details.upgrade_status, activity, details.versions.first()) {
        (Some(UpgradeStatus::Upgrading), Some((task, activity, percent)), _) => Upgrade::Running {
            task: lookup::task_id(*task),
            activity: activity.clone(),
            percent: u8::try_from(*percent).ok().filter(|percent| *percent > 0),
        },
        (Some(UpgradeStatus::RolledBack), _, Some(newest)) => Upgrade::RolledBack {
            version: newest.version.clone(),
            reason: newest.reason.clone(),
            detail: newest.detail.clone(),
            task: failed.map(|task| lookup::task_id(*task)),
        },
        _ => Upgrade::None,
    };
    MachineRow {
        id: machine.id.clone(),
        name: machine.name.clone(),
        roles: machine.roles.clone(),
        health: machine.health_status,
        summary: machine.status_summary.clone(),
        version: details.version.clone(),
        available: details.available_version.clone(),
        upgrade,
        last_seen: machine
            .last_seen
            .as_ref()
            .and_then(|text| text.parse().ok()),
    }
}

pub(super) fn task_row(task: Task) -> TaskRow {
    TaskRow {
        id: lookup::task_id(task.id),
        state: task.state,
        description: task.description,
        queued: moment(task.queued_at),
        started: task.started_at.map(moment),
        completed: task.completed_at.map(moment),
    }
}

/// Files of one task that its page names at most.
const ARTIFACTS: i64 = 100;

/// A task with its machines, as its page shows it.
pub(super) async fn task(app: &App, task: &Task) -> Result<TaskView> {
    let targets = app.store.targets(task.id).await?;
    let (mut artifacts, _) = app.store.artifacts(task.id, 0, ARTIFACTS).await?;
    artifacts.reverse();
    let mut view = task_view(task, &by_machine(&targets), &artifacts);
    if task.is_interrupted {
        let wanted = interruptions::Wanted {
            task_id: task.id,
            pending: true,
            ..interruptions::Wanted::default()
        };
        let (mut open, _) = app.store.interruptions(wanted, 0, QUESTIONS).await?;
        open.reverse();
        view.questions = open.into_iter().map(question).collect();
    }
    Ok(view)
}

/// Questions that a page shows at most; the next ones follow when some are answered.
const QUESTIONS: i64 = 20;

fn question(row: interruptions::Interruption) -> TaskQuestion {
    let choices = rest::interruptions::choices(&row).iter();
    let choices = choices.map(|choice| (choice.word(), choice.label()));
    TaskQuestion {
        choices: choices.collect(),
        id: format!("Interruptions-{}", row.id),
        title: row.title,
        instructions: row.instructions,
        responsible: row.responsible,
    }
}

fn task_view(task: &Task, targets: &[Target], artifacts: &[Artifact]) -> TaskView {
    let done = targets.iter().filter(|target| target.state.is_completed());
    let done = done.count();
    let activity = match (task.state.is_completed(), targets.len()) {
        (true, _) | (false, 0) => String::new(),
        (false, all) => format!("{done} of {all} machines done"),
    };
    let failed = targets
        .iter()
        .filter(|target| target.state == TaskState::Failed);
    // The page tells below why each one failed.
    let error = match failed.count() {
        0 => task.error.clone(),
        count => format!("{count} of {} machines failed.", targets.len()),
    };
    let percent = |all: usize| u8::try_from(done * 100 / all.max(1)).ok();
    TaskView {
        id: lookup::task_id(task.id),
        state: task.state,
        description: task.description.clone(),
        activity,
        percent: if targets.is_empty() {
            None
        } else {
            percent(targets.len())
        },
        error,
        queued: moment(task.queued_at),
        started: task.started_at.map(moment),
        completed: task.completed_at.map(moment),
        machines: targets.iter().map(task_machine).collect(),
        artifacts: artifacts
            .iter()
            .map(|artifact| task_artifact(artifact, targets))
            .collect(),
        questions: Vec::new(),
    }
}

/// The parts of a deployment that are one machine's, as one.
fn by_machine(parts: &[Target]) -> Vec<Target> {
    let mut machines: Vec<Target> = Vec::new();
    // The server's own lines and state are the task's.
    for part in parts.iter().filter(|part| part.machine_id != 0) {
        let part = Target {
            activity: part.place(&part.activity),
            message: match (part.action_name.as_str(), part.message.as_str()) {
                ("", message) => message.to_owned(),
                (action, message) => format!("{action}: {message}"),
            },
            ..part.clone()
        };
        let known = machines
            .iter_mut()
            .find(|machine| machine.machine_id == part.machine_id);
        match known {
            Some(machine) => join(machine, &part),
            None => machines.push(part),
        }
    }
    machines
}

/// Adds a later part of the same machine.
fn join(machine: &mut Target, part: &Target) {
    let ended = |state: TaskState| state.is_completed();
    let both_ended = ended(machine.state) && ended(part.state);
    let (started, completed) = (machine.started_at, machine.completed_at);
    let begun = started.is_some();
    let counts = match (machine.state, part.state) {
        // What is under way, and what went wrong, is to be seen.
        (TaskState::Executing | TaskState::Cancelling, _) => false,
        (_, TaskState::Executing | TaskState::Cancelling) => true,
        (TaskState::Failed, _) => false,
        (_, TaskState::Failed) => true,
        (TaskState::Canceled, _) => false,
        _ => true,
    };
    if counts {
        *machine = part.clone();
    }
    machine.started_at = started.or(part.started_at);
    machine.completed_at = match both_ended {
        true => completed.max(part.completed_at),
        false => None,
    };
    // Between two parts.
    if begun && !both_ended && matches!(machine.state, TaskState::Queued | TaskState::Success) {
        machine.state = TaskState::Executing;
    }
}

fn task_artifact(artifact: &Artifact, targets: &[Target]) -> TaskArtifact {
    let of = |target: &&Target| target.machine_id == artifact.machine_id;
    let machine = targets.iter().find(of);
    TaskArtifact {
        id: format!("Artifacts-{}", artifact.id),
        name: artifact.name.clone(),
        size: u64::try_from(artifact.size).unwrap_or(0),
        machine: machine
            .map(|target| target.machine_name.clone())
            .unwrap_or_default(),
    }
}

fn task_machine(target: &Target) -> TaskMachine {
    let failed = target.state == TaskState::Failed;
    let (activity, error) = match (target.state.is_completed(), failed) {
        (_, true) => (String::new(), target.message.clone()),
        (true, false) => (target.message.clone(), String::new()),
        (false, _) => (target.activity.clone(), String::new()),
    };
    let percent = u8::try_from(target.percent).ok();
    TaskMachine {
        id: lookup::machine_id(target.machine_id),
        name: target.machine_name.clone(),
        state: target.state,
        activity,
        percent: percent.filter(|percent| !target.state.is_completed() && *percent > 0),
        bytes: None,
        error,
        started: target.started_at.map(moment),
        completed: target.completed_at.map(moment),
    }
}

/// Names of environments by resource id.
pub(super) async fn environment_names(app: &App) -> Result<BTreeMap<String, String>> {
    let environments = app.store.environments().await?;
    let pairs = environments
        .into_iter()
        .map(|environment| (lookup::environment_id(environment.id), environment.name));
    Ok(pairs.collect())
}

#[cfg(test)]
mod tests {
    use api::TaskState::{self, *};

    use super::{Target, by_machine};
    use crate::store::targets::Verdict;

    fn part(action: i64, state: TaskState) -> Target {
        let at = |is: bool, time: i64| is.then_some(time);
        Target {
            machine_id: 1,
            action,
            action_name: format!("step {action}"),
            machine_name: "web-1".to_owned(),
            environment_id: 1,
            ticket: String::new(),
            state,
            activity: "Working".to_owned(),
            percent: 0,
            message: "said".to_owned(),
            attempt: 1,
            begun_at: None,
            verdict: Verdict::Own,
            agent_sequence: 0,
            started_at: at(state != Queued, action * 10),
            completed_at: at(state.is_completed(), action * 10 + 5),
        }
    }

    /// State, activity or message, start and end of the one row that parts become.
    #[track_caller]
    fn check(states: &[TaskState], expected: (TaskState, &str, Option<i64>, Option<i64>)) {
        let parts: Vec<Target> = (1..)
            .zip(states)
            .map(|(at, state)| part(at, *state))
            .collect();
        let [row] = &by_machine(&parts)[..] else {
            panic!("not one row");
        };
        let text = match row.state.is_completed() {
            true => &row.message,
            false => &row.activity,
        };
        let (from, to) = (row.started_at, row.completed_at);
        assert_eq!((row.state, text.as_str(), from, to), expected, "{states:?}");
    }

    #[test]
    fn the_parts_of_a_machine_are_one_row() {
        check(&[Queued, Queued], (Queued, "step 2/Working", None, None));
        check(
            &[Executing, Queued],
            (Executing, "step 1/Working", Some(10), None),
        );
        check(
            &[Success, Queued],
            (Executing, "step 2/Working", Some(10), None),
        );
        check(
            &[Success, Executing],
            (Executing, "step 2/Working", Some(10), None),
        );
        check(
            &[Success, Success],
            (Success, "step 2: said", Some(10), Some(25)),
        );
        check(
            &[Failed, Success],
            (Failed, "step 1: said", Some(10), Some(25)),
        );
        check(
            &[Failed, Executing],
            (Executing, "step 2/Working", Some(10), None),
        );
        check(
            &[Success, Failed, Queued],
            (Failed, "step 2: said", Some(10), None),
        );
        check(
            &[Success, Canceled],
            (Canceled, "step 2: said", Some(10), Some(25)),
        );
    }

    #[test]
    fn machines_keep_their_order_and_tasks_without_actions_their_words() {
        let mut other = part(0, Failed);
        (other.machine_id, other.action_name) = (2, String::new());
        let rows = by_machine(&[part(1, Success), other, part(2, Success)]);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.machine_id, row.message.as_str()))
            .collect();
        assert_eq!(shown, [(1, "step 2: said"), (2, "said")]);
    }
}
