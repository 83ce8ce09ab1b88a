//! Runs a deployment: waits for its turn, writes down every part with its ticket, and works
//! the parts off in the order that the conductor gives.

mod content;
mod part;
mod preview;
mod progress;
mod variables;
mod work;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use api::{HealthStatus, LogCategory, TaskState};
use conductor::deployment::{self as plans, Plan, PlannedStep};
use tokio::{sync::watch, time::timeout};

use self::{content::words, work::Work};
use super::{
    end, goes_on, has_place,
    job::{self, Stop},
    outcome,
    slots::Slot,
};
use crate::{
    app::{App, Change},
    auth,
    store::{
        Result, now_ms,
        targets::{Planned, Target},
        tasks::Task,
    },
};

pub(super) use content::Content;
pub(crate) use content::masked;
pub(super) use part::{part, prepare};
pub(crate) use preview::{preview, reaches};
pub(crate) use variables::PROMPT;

/// Longest time between two looks at whether it is this task's turn.
const TURN_WAIT: Duration = Duration::from_secs(5);

pub(super) async fn run(
    app: &App,
    task: &Task,
    cancel: &watch::Receiver<bool>,
    inherited: bool,
    slot: &Arc<Slot>,
) -> Result<()> {
    let content = match Content::load(app, task.id).await? {
        Ok(content) => Arc::new(content),
        Err(why) => return end(app, task.id, TaskState::Failed, &why, Vec::new()).await,
    };
    if task.state == TaskState::Queued {
        let asked = task.cancel_requested;
        if asked
            || !has_turn(app, &content, cancel.clone()).await?
            || !has_place(slot, cancel.clone()).await
        {
            let why = "Cancelled before it began.";
            return end(app, task.id, TaskState::Canceled, why, Vec::new()).await;
        }
        if let Some(why) = content.too_late(now_ms()) {
            return end(app, task.id, TaskState::Failed, &why, Vec::new()).await;
        }
        if let Err(why) = begin(app, task, &content).await? {
            return end(app, task.id, TaskState::Failed, &why, Vec::new()).await;
        }
    } else {
        goes_on(app, task.id, inherited).await?;
        if !has_place(slot, cancel.clone()).await {
            slot.join().await;
        }
    }
    app.changed(Change::Task(task.id));
    let work = Work {
        app,
        task,
        content: &content,
        cancel,
        inherited,
        slot,
    };
    let parts = work.off().await?;
    let (state, error) = outcome(&parts);
    end(app, task.id, state, &error, Vec::new()).await
}

/// Waits for the time that was asked for, and for other deployments of the same project to
/// the same environment. False: a person asked for the end.
async fn has_turn(app: &App, content: &Content, mut cancel: watch::Receiver<bool>) -> Result<bool> {
    let mut changes = app.watch();
    loop {
        if *cancel.borrow() {
            return Ok(false);
        }
        let early = content.row.starts_at.saturating_sub(now_ms());
        if early <= 0 && app.store.has_turn(&content.row).await? {
            return Ok(true);
        }
        let early = Duration::from_millis(u64::try_from(early).unwrap_or(0));
        let pause = if early.is_zero() {
            TURN_WAIT
        } else {
            early.min(TURN_WAIT)
        };
        tokio::select! {
            _ = timeout(pause, changes.recv()) => {}
            _ = cancel.changed() => {}
        }
    }
}

/// Fixes every part and its ticket; the inner error is one sentence for people.
async fn begin(app: &App, task: &Task, content: &Content) -> Result<Result<(), String>> {
    let environment = content.row.environment_id;
    let here = machines_of(app, environment).await?;
    let plan = match plans::plan(&content.steps(), &here, &content.order()) {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(format!("Nothing was deployed: {why}."))),
    };
    let names: HashMap<i64, &str> = here.iter().map(|one| (one.id, one.name.as_str())).collect();
    let mut planned = Vec::new();
    for step in &plan.steps {
        for (action, machine) in parts(step) {
            let token = match auth::new_token() {
                Ok(token) => token.chars().take(16).collect::<String>(),
                Err(error) => return Ok(Err(error.to_string())),
            };
            planned.push(Planned {
                machine_id: machine,
                action: place(action),
                action_name: content.action_name(action),
                machine_name: match machine {
                    plans::SERVER => SERVER_NAME,
                    machine => names.get(&machine).copied().unwrap_or_default(),
                }
                .to_owned(),
                environment_id: environment,
                ticket: format!("{}-{action}-{machine}-{token}", task.id),
            });
        }
    }
    let notes = plan
        .notes
        .iter()
        .map(|note| job::server_line(LogCategory::Info, note));
    let notes: Vec<_> = notes.collect();
    app.store.start_task(task.id, &planned, &notes).await?;
    Ok(Ok(()))
}

/// The machines of an environment.
async fn machines_of(app: &App, environment: i64) -> Result<Vec<plans::Machine>> {
    let here = app.store.machines_among(&[environment], &[]).await?;
    let here = here.into_iter().map(|machine| plans::Machine {
        id: machine.id,
        name: machine.name,
        roles: machine.roles,
        disabled: machine.is_disabled,
        unavailable: machine.health == HealthStatus::Unavailable,
        unhealthy: machine.health == HealthStatus::Unhealthy,
    });
    Ok(here.collect())
}

/// What the server is called where a machine is named.
const SERVER_NAME: &str = "Octopus Server";

fn place(action: usize) -> i64 {
    i64::try_from(action).unwrap_or(i64::MAX)
}

fn parts(step: &PlannedStep) -> impl Iterator<Item = (usize, i64)> {
    let machines = step.machines.iter();
    machines.flat_map(|machine| step.actions.iter().map(|action| (*action, *machine)))
}

/// The plan again, from the parts that were written down: machines that came or went since
/// change nothing.
fn plan_of(content: &Content, targets: &[Target]) -> Plan {
    let mut steps = Vec::new();
    let mut first = 1;
    for (number, step) in (1..).zip(content.steps()) {
        let places = first..first + step.actions.len();
        first = places.end;
        let of_step =
            |target: &&Target| usize::try_from(target.action).is_ok_and(|at| places.contains(&at));
        let rows: Vec<&Target> = targets.iter().filter(of_step).collect();
        let mut actions: Vec<usize> = places
            .clone()
            .filter(|at| rows.iter().any(|row| row.action == place(*at)))
            .collect();
        actions.sort_unstable();
        let of_place = |at: &usize| step.actions.get(at.checked_sub(places.start)?);
        let conditions = actions
            .iter()
            .map(|at| of_place(at).map_or_else(Default::default, |action| action.condition))
            .collect();
        let mut seen = HashSet::new();
        let machines = rows.iter().map(|row| row.machine_id);
        let machines = machines.filter(|machine| seen.insert(*machine)).collect();
        if !rows.is_empty() {
            steps.push(PlannedStep {
                number,
                name: step.name,
                condition: step.condition,
                with_previous: step.with_previous,
                window: step.window,
                conditions,
                actions,
                machines,
            });
        }
    }
    Plan {
        steps,
        notes: Vec::new(),
    }
}

/// Fails a part with one sentence.
fn failed(why: impl Into<String>) -> Stop {
    Stop::Failed(why.into())
}
