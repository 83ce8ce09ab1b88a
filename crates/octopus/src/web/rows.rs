//! From rows of the store to rows of pages.

use std::collections::BTreeMap;

use api::{Machine, TaskName, TaskState, UpgradeStatus};

use super::moment;
use crate::{
    app::App,
    lookup,
    portal::view::{MachineRow, TaskMachine, TaskRow, TaskView, Upgrade},
    rest,
    store::{Result, targets::Target, tasks::Task},
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

pub(super) fn task_view(task: &Task, targets: &[Target]) -> TaskView {
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
