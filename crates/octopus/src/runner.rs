//! Runs tasks: takes them from the store, works on their machines, and writes down what
//! happened before it counts. A task that the server's end cut short goes on, with the
//! same tickets, when the server starts again.

mod ad_hoc;
mod arrival;
mod deploy;
mod deployment;
mod job;
mod left;
mod nodes;
mod on_server;
mod outcome;
mod people;
mod plan;
mod promotion;
mod slots;
mod upgrade;
mod work;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use api::{LogCategory, TaskName, TaskState};
use tokio::{sync::watch, task::JoinSet};
use tracing::{
    Instrument, Span,
    field::{self, Empty},
};

pub(crate) use self::deployment::{PROMPT, masked, preview, reaches};
pub use self::{
    arrival::arrive,
    nodes::{keep_alive, resume},
    promotion::promote,
};
use self::{
    job::{Job, Stop},
    nodes::Lease,
    on_server::Scripts,
    outcome::outcome,
    people::After,
    slots::{Slot, Slots},
};
use crate::{
    app::{App, Change},
    lookup,
    store::{
        Result, StoreError,
        targets::{Target, Verdict},
        task_log::NewLine,
        tasks::Task,
    },
};

/// Machines that one task works on at one time.
const TARGETS_AT_ONCE: usize = 64;

/// The tasks that run now.
#[derive(Default)]
pub struct Runner {
    /// Task → the switch that asks for its end.
    running: Mutex<HashMap<i64, watch::Sender<bool>>>,
    /// Machine → held while its Tentacle is being upgraded: a second order waits, and
    /// then finds that there is nothing left to do.
    upgrades: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    lease: Lease,
    setup: OnceLock<Setup>,
    /// Held while automatic deployments are looked at.
    promotions: tokio::sync::Mutex<()>,
    arrivals: arrival::Held,
}

/// What is set once, when the server starts.
#[derive(Default)]
struct Setup {
    slots: Slots,
    scripts: Scripts,
}

impl Runner {
    /// Sets how many tasks are worked on at one time (`None`: all), and the folder in which the
    /// server's own scripts run, which is emptied.
    ///
    /// # Errors
    /// The folder can't be made.
    pub fn set_up(&self, task_cap: Option<usize>, scripts: &Path) -> io::Result<()> {
        if let Err(error) = std::fs::remove_dir_all(scripts)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        std::fs::create_dir_all(scripts)?;
        self.setup.get_or_init(|| Setup {
            slots: Slots::new(task_cap),
            scripts: Scripts::inside(scripts.to_owned()),
        });
        Ok(())
    }

    fn slots(&self) -> &Slots {
        &self.setup.get_or_init(Setup::default).slots
    }

    fn scripts(&self) -> &Scripts {
        &self.setup.get_or_init(Setup::default).scripts
    }

    /// Ends the scripts that run on the server, because the server ends.
    pub async fn end_scripts(&self) {
        self.scripts().end().await;
    }

    /// Tells a running task that a person asks for its end.
    fn ask_for_end(&self, id: i64) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(switch) = running.get(&id) {
            switch.send_replace(true);
        }
    }

    fn upgrade_of(&self, machine: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut upgrades = self.upgrades.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(upgrades.entry(machine).or_default())
    }
}

/// Runs a task of this node in the background. A task that runs already is left alone.
pub fn start(app: &App, id: i64) {
    launch(app, id, false);
}

/// `inherited`: another node, which may not be quite dead, worked on it before.
fn launch(app: &App, id: i64, inherited: bool) {
    let (switch, cancel) = watch::channel(false);
    {
        let running = &app.runner.running;
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.contains_key(&id) {
            return;
        }
        running.insert(id, switch);
    }
    let app = app.clone();
    let span = tracing::info_span!(
        parent: None,
        "task",
        otel.status_code = Empty,
        octopus.task.id = lookup::task_id(id),
        octopus.task.name = Empty,
        octopus.task.state = Empty,
    );
    span.follows_from(tracing::Span::current());
    let work = async move {
        while let Err(error) = run(&app, id, &cancel, inherited).await {
            if matches!(error, StoreError::Taken(_)) {
                tracing::warn!("{error}; this one leaves it alone");
                break;
            }
            // The store is the truth: nothing is decided while it can't be written.
            tracing::error!("task {id} waits: {}", channel::describe(&error));
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        let running = &app.runner.running;
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&id);
    };
    tokio::spawn(work.instrument(span));
}

/// Asks for a task's end. False when it has ended already.
pub async fn cancel(app: &App, id: i64) -> Result<bool> {
    let asked = app.store.request_cancel(id).await?;
    if asked {
        app.runner.ask_for_end(id);
        app.changed(Change::Task(id));
    }
    Ok(asked)
}

async fn run(app: &App, id: i64, cancel: &watch::Receiver<bool>, inherited: bool) -> Result<()> {
    let Some(task) = app.store.task(id).await? else {
        return Ok(());
    };
    if task.state.is_completed() {
        return Ok(());
    }
    let slot = app.runner.slots().of(task.name);
    Span::current().record("octopus.task.name", field::debug(task.name));
    if task.name == TaskName::Deploy {
        return deployment::run(app, &task, cancel, inherited, &slot).await;
    }
    if task.state == TaskState::Queued {
        if task.cancel_requested || !has_place(&slot, cancel.clone()).await {
            let why = "Cancelled before it began.";
            return end(app, id, TaskState::Canceled, why, Vec::new()).await;
        }
        let mut notes = Vec::new();
        match plan::plan(app, &task, &mut notes).await? {
            Ok(targets) => app.store.start_task(id, &targets, &notes).await?,
            Err(why) => return end(app, id, TaskState::Failed, &why, notes).await,
        }
    } else {
        goes_on(app, id, inherited).await?;
        slot.enter().await;
    }
    app.changed(Change::Task(id));
    let cancelled = task.cancel_requested;
    let targets = work_on_targets(app, &task, cancel, cancelled, inherited, &slot).await?;
    let (state, error) = outcome(&targets);
    end(app, id, state, &error, Vec::new()).await
}

/// Waits for a place. False: a person asked for the end.
async fn has_place(slot: &Slot, mut cancel: watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = slot.enter() => true,
        Ok(_) = cancel.wait_for(|asked| *asked) => false,
    }
}

/// Says in the log why there is a gap.
async fn goes_on(app: &App, id: i64, inherited: bool) -> Result<()> {
    let note = match inherited {
        false => "The server has started again and goes on with this task.",
        true => "This server goes on with a task that another one began.",
    };
    let note = job::server_line(api::LogCategory::Info, note);
    app.store.append_log(id, &[note]).await
}

async fn work_on_targets(
    app: &App,
    task: &Task,
    cancel: &watch::Receiver<bool>,
    cancelled: bool,
    inherited: bool,
    slot: &Arc<Slot>,
) -> Result<Vec<Target>> {
    let all = app.store.targets(task.id).await?;
    let (mut ended, mut open): (Vec<Target>, Vec<Target>) = all
        .into_iter()
        .partition(|target| target.state.is_completed());
    open.reverse();
    let mut jobs = JoinSet::new();
    let mut is_whole = true;
    loop {
        while jobs.len() < TARGETS_AT_ONCE
            && let Some(target) = open.pop()
        {
            let mut job = Job::new(app, task, target, cancel.clone(), cancelled, slot);
            job.inherited = inherited;
            jobs.spawn(work_on(job));
        }
        match jobs.join_next().await {
            None => break,
            Some(Ok(outcome)) => ended.push(outcome?),
            Some(Err(error)) => {
                tracing::error!("task {}: {error}", task.id);
                is_whole = false;
            }
        }
    }
    if !is_whole {
        return app.store.targets(task.id).await;
    }
    ended.sort_by(|a, b| a.machine_name.cmp(&b.machine_name));
    Ok(ended)
}

/// One machine, from the beginning or from where it was left, to its end; gives how that was
/// written down.
async fn work_on(job: Job) -> Result<Target> {
    let span = job.span.clone();
    work_to_end(job).instrument(span).await
}

async fn work_to_end(mut job: Job) -> Result<Target> {
    let ended = loop {
        match attempt(&mut job).await {
            Err(Stop::Store(error)) => return Err(error),
            Ok(After::Again) => {}
            Ok(ended) => break ended,
            Err(stop) => break ended(stop),
        }
    };
    match ended {
        After::Ended(how, level, message) => job.end(how, level, &message).await?,
        After::Again => {}
    }
    let target = job.target.clone();
    // An agent that forgets a ticket would do its work again. So only now, and not at all
    // if a node that was taken for dead may still come round and order it.
    if job.started && !job.inherited && !job.local {
        tokio::spawn(async move { work::forget(&mut job).await });
    }
    Ok(target)
}

fn ended(stop: Stop) -> After {
    let (state, why) = match stop {
        Stop::Failed(why) | Stop::Final(why) => (TaskState::Failed, why),
        Stop::Cancelled(why) => (TaskState::Canceled, why),
        Stop::CancelAsked => (TaskState::Canceled, "Cancelled.".to_owned()),
        Stop::Store(error) => (TaskState::Failed, error.to_string()),
    };
    After::Ended((state, Verdict::Own), job::level_of(state), why)
}

/// Does the work once, or goes on with it, and tells what comes after.
async fn attempt(job: &mut Job) -> Result<After, Stop> {
    let outcome = match people::known_failure(job).await? {
        // Only what comes next is open.
        Some(why) => deployment::prepare(job).and(Err(Stop::Failed(why))),
        None => once(job).await,
    };
    match outcome {
        Ok(message) => {
            let how = (TaskState::Success, Verdict::Own);
            Ok(After::Ended(how, LogCategory::Info, message))
        }
        Err(Stop::Failed(why)) => {
            // What follows is nothing that the machine does.
            job.limit = None;
            people::after_failure(job, why).await
        }
        Err(stop) => Err(stop),
    }
}

async fn once(job: &mut Job) -> Result<String, Stop> {
    job.look_anew();
    let outcome = match job.task.name {
        TaskName::Upgrade => upgrade::run(job).await,
        TaskName::DeployPackage => deploy::run(job).await,
        TaskName::AdHocScript => ad_hoc::run(job).await,
        TaskName::Deploy => deployment::part(job).await,
        TaskName::Health => job.check().await,
    };
    let overdue = job.overdue();
    let outcome = match outcome {
        Err(Stop::CancelAsked) if !job.local => work::wind_up(job).await,
        other => other,
    };
    match (outcome, overdue) {
        (Err(Stop::Cancelled(_) | Stop::CancelAsked), Some(why)) => Err(Stop::Failed(why)),
        (outcome, _) => outcome,
    }
}

async fn end(
    app: &App,
    id: i64,
    state: TaskState,
    error: &str,
    mut lines: Vec<NewLine>,
) -> Result<()> {
    let text = if error.is_empty() {
        "The task has ended well on every machine."
    } else {
        error
    };
    lines.push(job::server_line(job::level_of(state), text));
    let span = Span::current();
    span.record("octopus.task.state", field::debug(state));
    if state == TaskState::Failed {
        span.record("otel.status_code", "ERROR");
    }
    if app.store.end_task(id, state, error, &lines).await? {
        promote(app);
    }
    arrival::go_on(app);
    app.changed(Change::Task(id));
    app.changed(Change::Machines);
    Ok(())
}
