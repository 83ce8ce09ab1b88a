//! Works off the parts of one deployment, in the order that the conductor gives.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use api::TaskState;
use conductor::deployment::{self as plans, Next, Outcome, Part, Plan};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::sleep,
};

use super::{content::Content, place, plan_of, progress::Progress};
use crate::{
    app::App,
    runner::{
        TARGETS_AT_ONCE,
        job::{self, Job},
        slots::Slot,
        work_on,
    },
    store::{
        Result,
        machines::Machine,
        targets::{Target, Verdict},
        tasks::Task,
    },
};

/// A deployment's work.
pub(super) struct Work<'a> {
    pub(super) app: &'a App,
    pub(super) task: &'a Task,
    pub(super) content: &'a Arc<Content>,
    pub(super) cancel: &'a watch::Receiver<bool>,
    pub(super) inherited: bool,
    pub(super) slot: &'a Arc<Slot>,
}

/// All parts as they stand. Nobody else changes them while this node has the task, so each is
/// read again only when its job has ended: there may be ten thousand.
struct Parts {
    rows: Vec<Target>,
    /// Where a part's row is.
    at: HashMap<Part, usize>,
    outcomes: Outcomes,
    progress: Progress,
}

impl Parts {
    fn of(rows: Vec<Target>, content: &Content) -> Self {
        let at = rows.iter().enumerate().map(|(n, row)| (part(row), n));
        let mut progress = Progress::default();
        for row in &rows {
            progress.count(step(content, row), None, outcome_of(row), row);
        }
        Self {
            at: at.collect(),
            progress,
            outcomes: rows
                .iter()
                .map(|row| (part(row), outcome_of(row)))
                .collect(),
            rows,
        }
    }

    fn get(&self, part: Part) -> Option<&Target> {
        self.rows.get(*self.at.get(&part)?)
    }

    fn change(&mut self, content: &Content, part: Part, change: impl FnOnce(&mut Target)) {
        let row = self.at.get(&part).and_then(|at| self.rows.get_mut(*at));
        if let Some(row) = row {
            change(row);
            let now = outcome_of(row);
            let before = self.outcomes.insert(part, now);
            self.progress.count(step(content, row), before, now, row);
        }
    }
}

/// All of them are asked for each step forward, and the keys are the server's own: a quick hash
/// does.
type Outcomes = HashMap<Part, Outcome, foldhash::fast::RandomState>;

type Joined = Result<(tokio::task::Id, Result<Target>), JoinError>;

impl Work<'_> {
    /// Gives what became of each part.
    pub(super) async fn off(&self) -> Result<Vec<Target>> {
        let (app, task) = (self.app, self.task);
        let mut parts = Parts::of(app.store.targets(task.id).await?, self.content);
        let plan = plan_of(self.content, &parts.rows);
        let machines = self.asked_about(&plan).await?;
        let mut running: HashMap<tokio::task::Id, Part> = HashMap::new();
        let mut jobs: JoinSet<Result<Target>> = JoinSet::new();
        // What has the task's place, and needs it no more once others have begun.
        let mut ended = 1;
        loop {
            self.refresh(&parts).await?;
            let cancelled = task.cancel_requested || *self.cancel.borrow();
            let next = match cancelled {
                true => left_over(&parts),
                false => next(app, self.content, &plan, &parts, &machines)?,
            };
            for (part, why) in &next.skip {
                self.leave_out(&mut parts, *part, why, cancelled).await?;
            }
            for part in starts(&plan, &next, &parts) {
                if jobs.len() >= TARGETS_AT_ONCE {
                    break;
                }
                let Some(target) = parts.get(part) else {
                    continue;
                };
                if running.values().any(|other| *other == part) {
                    continue;
                }
                self.slot.join().await;
                let job = self.job(target, cancelled);
                running.insert(jobs.spawn(work_on(job)).id(), part);
                parts.change(self.content, part, |target| {
                    target.state = TaskState::Executing;
                });
            }
            if !next.skip.is_empty() {
                continue;
            }
            for _ in 0..std::mem::take(&mut ended) {
                self.slot.leave().await;
            }
            let Some(first) = jobs.join_next_with_id().await else {
                return Ok(parts.rows);
            };
            let mut joined = vec![first];
            joined.extend(std::iter::from_fn(|| jobs.try_join_next_with_id()));
            ended = joined.len();
            for joined in joined {
                self.joined(joined, &mut running, &mut parts).await?;
            }
        }
    }

    fn job(&self, target: &Target, cancelled: bool) -> Job {
        let (task, cancel) = (self.task, self.cancel.clone());
        let mut job = Job::new(self.app, task, target.clone(), cancel, cancelled, self.slot);
        job.inherited = self.inherited;
        job.space = self.content.row.space_id;
        job.content = Some(Arc::clone(self.content));
        job
    }

    /// The machines, when conditions of actions ask for their variables.
    async fn asked_about(&self, plan: &Plan) -> Result<HashMap<i64, Machine>> {
        let mut conditions = plan.steps.iter().flat_map(|step| &step.conditions);
        if !conditions.any(|one| *one == plans::Condition::Variable) {
            return Ok(HashMap::new());
        }
        let machines = self.app.store.machines().await?;
        Ok(machines.into_iter().map(|one| (one.id, one)).collect())
    }

    /// Conditions and later parts may ask for what others have set, and what became of them.
    async fn refresh(&self, parts: &Parts) -> Result<()> {
        self.content.set_progress(parts.progress.clone());
        if self.content.has_more_outputs.swap(false, Ordering::Relaxed) {
            let outputs = self.app.store.outputs(self.task.id).await?;
            self.content.set_outputs(outputs);
        }
        Ok(())
    }

    async fn leave_out(
        &self,
        parts: &mut Parts,
        part: Part,
        why: &str,
        cancelled: bool,
    ) -> Result<()> {
        let Some(target) = parts.get(part) else {
            return Ok(());
        };
        let (state, verdict) = match cancelled {
            true => (TaskState::Canceled, Verdict::Own),
            false => (TaskState::Success, Verdict::Skipped),
        };
        let mut job = self.job(target, cancelled);
        let text = format!("Left out: {why}.");
        job.end((state, verdict), job::level_of(state), &text)
            .await?;
        parts.change(self.content, part, |target| {
            target.state = state;
            target.verdict = verdict;
        });
        Ok(())
    }

    /// A job has ended: its part is as it was written down.
    async fn joined(
        &self,
        joined: Joined,
        running: &mut HashMap<tokio::task::Id, Part>,
        parts: &mut Parts,
    ) -> Result<()> {
        let (id, ended) = match joined {
            Ok((id, outcome)) => (id, Some(outcome?)),
            // Whoever broke off is found by its row, and begins anew.
            Err(error) => {
                tracing::error!("task {}: {error}", self.task.id);
                sleep(Duration::from_secs(1)).await;
                (error.id(), None)
            }
        };
        let Some((action, machine)) = running.remove(&id) else {
            return Ok(());
        };
        let now = match ended {
            Some(ended) => Some(ended),
            None => {
                let row = (place(action), machine);
                self.app.store.target(self.task.id, row).await?
            }
        };
        if let Some(now) = now {
            parts.change(self.content, (action, machine), |target| *target = now);
        }
        Ok(())
    }
}

/// What is to begin, or to go on where an earlier life of the server began it. Machines that
/// are in the middle of a step come first.
fn starts(plan: &Plan, next: &Next, parts: &Parts) -> Vec<Part> {
    let begun = parts.outcomes.iter();
    let begun = begun.filter(|(_, outcome)| **outcome == Outcome::Running);
    let firsts = plan.steps.iter().filter_map(|step| step.actions.first());
    let firsts: HashSet<&usize> = firsts.collect();
    let (new, midway): (Vec<Part>, Vec<Part>) = next
        .start
        .iter()
        .partition(|(action, _)| firsts.contains(action));
    let begun = begun.map(|(part, _)| *part);
    begun.chain(midway).chain(new).collect()
}

/// Number of the step that a part belongs to.
fn step(content: &Content, target: &Target) -> usize {
    let place = usize::try_from(target.action).unwrap_or(0);
    content.action(place).map_or(0, |(number, _)| number)
}

fn part(target: &Target) -> Part {
    let action = usize::try_from(target.action).unwrap_or(usize::MAX);
    (action, target.machine_id)
}

fn outcome_of(target: &Target) -> Outcome {
    match target.state {
        _ if target.verdict == Verdict::Excluded => Outcome::Excluded,
        _ if target.verdict == Verdict::Skipped => Outcome::Skipped,
        TaskState::Success => Outcome::Succeeded,
        TaskState::Failed | TaskState::Canceled => Outcome::Failed,
        TaskState::Queued => Outcome::Waiting,
        TaskState::Executing | TaskState::Cancelling => Outcome::Running,
    }
}

fn next(
    app: &App,
    content: &Content,
    plan: &Plan,
    parts: &Parts,
    machines: &HashMap<i64, Machine>,
) -> Result<Next> {
    let number = |index: usize| plan.steps.get(index).map_or(0, |step| step.number);
    let mut fault = None;
    let next = plans::next(plan, &parts.outcomes, |expression| match expression {
        plans::Expression::Step(index) => content.condition_holds(number(index)),
        plans::Expression::Action((place, machine)) => {
            let holds = content.action_condition_holds(app, place, machines.get(&machine));
            holds.unwrap_or_else(|error| {
                fault = Some(error);
                false
            })
        }
    });
    fault.map_or(Ok(next), Err)
}

/// After a person asked for the end: whatever waits is left out.
fn left_over(parts: &Parts) -> Next {
    let waiting = parts.rows.iter();
    let waiting = waiting.filter(|target| outcome_of(target) == Outcome::Waiting);
    Next {
        skip: waiting
            .map(|target| (part(target), "the deployment was cancelled"))
            .collect(),
        ..Next::default()
    }
}
