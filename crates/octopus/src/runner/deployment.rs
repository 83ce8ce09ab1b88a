//! Runs a deployment: waits for its turn, writes down every part with its ticket, and works
//! the parts off in the order that the conductor gives.

mod content;
mod variables;

use std::{collections::HashMap, time::Duration};

use api::{HealthStatus, LogCategory, TaskState};
use conductor::deployment::{self as plans, Next, Outcome, Plan, PlannedStep};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use self::content::Content;
use super::{
    TARGETS_AT_ONCE, end, goes_on,
    job::{self, Job, Stop},
    outcome, work_on,
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

pub(super) use content::part;
pub(crate) use variables::PROMPT;

/// Longest time between two looks at whether it is this task's turn.
const TURN_WAIT: Duration = Duration::from_secs(5);

pub(super) async fn run(
    app: &App,
    task: &Task,
    cancel: &watch::Receiver<bool>,
    inherited: bool,
) -> Result<()> {
    let mut content = match Content::load(app, task.id).await? {
        Ok(content) => content,
        Err(why) => return end(app, task.id, TaskState::Failed, &why, Vec::new()).await,
    };
    if task.state == TaskState::Queued {
        let asked = task.cancel_requested;
        if asked || !has_turn(app, &content, cancel.clone()).await? {
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
    }
    app.changed(Change::Task(task.id));
    work_off(app, task, &mut content, cancel, inherited).await?;
    let (state, error) = outcome(&app.store.targets(task.id).await?);
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
    let machines = app.store.machines().await?;
    let here = machines
        .iter()
        .filter(|one| one.environments.contains(&environment) && !one.is_disabled);
    let here: Vec<plans::Machine> = here
        .map(|machine| plans::Machine {
            id: machine.id,
            name: machine.name.clone(),
            roles: machine.roles.clone(),
            unavailable: machine.health == HealthStatus::Unavailable,
            unhealthy: machine.health == HealthStatus::Unhealthy,
        })
        .collect();
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
                machine_name: names.get(&machine).copied().unwrap_or_default().to_owned(),
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
        let mut machines: Vec<i64> = Vec::new();
        for row in &rows {
            if !machines.contains(&row.machine_id) {
                machines.push(row.machine_id);
            }
        }
        if !rows.is_empty() {
            steps.push(PlannedStep {
                number,
                name: step.name,
                condition: step.condition,
                with_previous: step.with_previous,
                window: step.window,
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

fn outcome_of(target: &Target) -> Outcome {
    match target.state {
        TaskState::Success => Outcome::Succeeded,
        TaskState::Failed | TaskState::Canceled => Outcome::Failed,
        TaskState::Queued => Outcome::Waiting,
        TaskState::Executing | TaskState::Cancelling => Outcome::Running,
    }
}

async fn work_off(
    app: &App,
    task: &Task,
    content: &mut Content,
    cancel: &watch::Receiver<bool>,
    inherited: bool,
) -> Result<()> {
    let plan = plan_of(content, &app.store.targets(task.id).await?);
    let mut running: HashMap<tokio::task::Id, (i64, i64)> = HashMap::new();
    let mut jobs: JoinSet<Result<()>> = JoinSet::new();
    loop {
        let targets = app.store.targets(task.id).await?;
        // Conditions may ask for them.
        content.outputs = app.store.outputs(task.id).await?;
        let cancelled = task.cancel_requested || *cancel.borrow();
        let next = match cancelled {
            true => left_over(&targets),
            false => next(content, &plan, &targets),
        };
        for (part, why) in &next.skip {
            let ends = targets.iter().find(|target| is(target, *part));
            if let Some(target) = ends {
                let state = if cancelled {
                    TaskState::Canceled
                } else {
                    TaskState::Success
                };
                let job = Job::new(app, task, target.clone(), cancel.clone(), cancelled);
                pass_by(job, state, why).await?;
            }
        }
        let starts = targets.iter().filter(|target| {
            let begins = next.start.iter().any(|part| is(target, *part));
            // What an earlier life of the server began goes on.
            begins || outcome_of(target) == Outcome::Running
        });
        for target in starts {
            let key = (target.action, target.machine_id);
            if jobs.len() < TARGETS_AT_ONCE && !running.values().any(|other| *other == key) {
                let mut job = Job::new(app, task, target.clone(), cancel.clone(), cancelled);
                job.inherited = inherited;
                running.insert(jobs.spawn(work_on(job)).id(), key);
            }
        }
        if !next.skip.is_empty() {
            continue;
        }
        match jobs.join_next_with_id().await {
            Some(Ok((job, outcome))) => {
                running.remove(&job);
                outcome?;
            }
            // Whoever broke off is found by its row, and begins anew.
            Some(Err(error)) => {
                running.remove(&error.id());
                tracing::error!("task {}: {error}", task.id);
                sleep(Duration::from_secs(1)).await;
            }
            None => return Ok(()),
        }
    }
}

fn is(target: &Target, (action, machine): (usize, i64)) -> bool {
    target.action == place(action) && target.machine_id == machine
}

fn next(content: &Content, plan: &Plan, targets: &[Target]) -> Next {
    let outcomes: HashMap<(usize, i64), Outcome> = targets
        .iter()
        .filter_map(|target| {
            let action = usize::try_from(target.action).ok()?;
            Some(((action, target.machine_id), outcome_of(target)))
        })
        .collect();
    let number = |index: usize| plan.steps.get(index).map_or(0, |step| step.number);
    plans::next(plan, &outcomes, |index| {
        content.condition_holds(number(index))
    })
}

/// After a person asked for the end: whatever waits is left out.
fn left_over(targets: &[Target]) -> Next {
    let waiting = targets
        .iter()
        .filter(|target| outcome_of(target) == Outcome::Waiting);
    let waiting = waiting
        .filter_map(|target| Some((usize::try_from(target.action).ok()?, target.machine_id)));
    Next {
        skip: waiting
            .map(|part| (part, "the deployment was cancelled"))
            .collect(),
        ..Next::default()
    }
}

async fn pass_by(mut job: Job, state: TaskState, why: &str) -> Result<()> {
    job.end(state, &format!("Left out: {why}.")).await
}

/// Fails a part with one sentence.
fn failed(why: impl Into<String>) -> Stop {
    Stop::Failed(why.into())
}
