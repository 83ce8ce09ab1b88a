//! What may begin now.

use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher,
};

use super::{Condition, Plan, PlannedStep};

/// How one action on one machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Not begun.
    Waiting,
    /// Begun.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended otherwise.
    Failed,
    /// Left out, and that is no failure.
    Skipped,
    /// It failed, and a person took its machine out of the deployment, which goes on without it.
    Excluded,
}

impl Outcome {
    fn is_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// An action's place, and a machine.
pub type Part = (usize, i64);

/// An expression that the caller evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expression {
    /// Of the step with this index in the plan: one answer for all its machines.
    Step(usize),
    /// Of an action, for one machine.
    Action(Part),
}

/// What is to be done now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// These may begin.
    pub start: Vec<Part>,
    /// These are left out for good, and why.
    pub skip: Vec<(Part, &'static str)>,
    /// Nothing is left to be done, and nothing runs.
    pub done: bool,
}

const NOT_ITS_CONDITION: &str = "the condition of its step does not hold";
const EXCLUDED: &str = "a person took the machine out of the deployment";
const NOT_ITS_OWN: &str = "its own condition does not hold on this machine";
const AFTER_FAILURE: &str = "an earlier part of its step has failed";

/// What may begin, from what became of the parts so far. `holds` evaluates expressions.
pub fn next<S: BuildHasher>(
    plan: &Plan,
    outcomes: &HashMap<Part, Outcome, S>,
    mut holds: impl FnMut(Expression) -> bool,
) -> Next {
    let state = |part: Part| outcomes.get(&part).copied().unwrap_or(Outcome::Waiting);
    let mut next = Next {
        skip: of_excluded(plan, outcomes, &state),
        ..Next::default()
    };
    if !next.skip.is_empty() {
        return next;
    }
    let mut failed = false;
    let mut begin = 0;
    while begin < plan.steps.len() {
        // Steps that begin together.
        let more = plan.steps.iter().skip(begin + 1);
        let end = begin + 1 + more.take_while(|step| step.with_previous).count();
        let group = plan.steps.iter().enumerate().skip(begin).take(end - begin);
        let mut open = false;
        for (index, step) in group.clone() {
            let begun = parts(step).any(|part| state(part) != Outcome::Waiting);
            let wanted = begun
                || match step.condition {
                    Condition::Success => !failed,
                    Condition::Failure => failed,
                    Condition::Always => true,
                    Condition::Variable => holds(Expression::Step(index)),
                };
            if wanted {
                open |= advance(step, &state, &mut holds, &mut next);
            } else {
                next.skip
                    .extend(parts(step).map(|part| (part, NOT_ITS_CONDITION)));
            }
        }
        if open {
            return next;
        }
        for (_, step) in group {
            failed |= parts(step).any(|part| state(part) == Outcome::Failed);
        }
        begin = end;
    }
    next.done = next.skip.is_empty();
    next
}

/// What waits on machines that were taken out.
fn of_excluded<S>(
    plan: &Plan,
    outcomes: &HashMap<Part, Outcome, S>,
    state: &impl Fn(Part) -> Outcome,
) -> Vec<(Part, &'static str)> {
    let excluded = outcomes
        .iter()
        .filter(|(_, outcome)| **outcome == Outcome::Excluded);
    let excluded: HashSet<i64> = excluded.map(|((_, machine), _)| *machine).collect();
    let waiting = plan
        .steps
        .iter()
        .flat_map(parts)
        .filter(|part| excluded.contains(&part.1) && state(*part) == Outcome::Waiting);
    waiting.map(|part| (part, EXCLUDED)).collect()
}

/// Begins what a step allows. Whether anything of it runs, or is about to.
fn advance(
    step: &PlannedStep,
    state: &impl Fn(Part) -> Outcome,
    holds: &mut impl FnMut(Expression) -> bool,
    next: &mut Next,
) -> bool {
    let of = |machine: i64| step.actions.iter().map(move |action| (*action, machine));
    let any_failed = parts(step).any(|part| state(part) == Outcome::Failed);
    let busy = |machine: &&i64| {
        let begun = of(**machine).any(|part| state(part) != Outcome::Waiting);
        let ended = of(**machine).all(|part| state(part).is_ended());
        begun && !ended
    };
    let mut room = step.window.unwrap_or(usize::MAX);
    room = room.saturating_sub(step.machines.iter().filter(busy).count());
    let mut open = false;
    for machine in &step.machines {
        let waiting: Vec<Part> = of(*machine)
            .filter(|part| state(*part) == Outcome::Waiting)
            .collect();
        let running = of(*machine).any(|part| state(part) == Outcome::Running);
        open |= running;
        let Some(first) = waiting.first().filter(|_| !running) else {
            continue;
        };
        let begun = of(*machine).any(|part| state(part) != Outcome::Waiting);
        let broken = of(*machine).any(|part| state(part) == Outcome::Failed);
        // A rolling step goes to no further machine once one has failed.
        let stopped = any_failed && step.window.is_some() && !begun;
        if stopped {
            next.skip
                .extend(waiting.iter().map(|part| (*part, AFTER_FAILURE)));
            continue;
        }
        if !begun && room == 0 {
            open = true;
            continue;
        }
        let condition = condition_of(step, first.0);
        let wanted = match condition {
            Condition::Success => !broken,
            Condition::Failure => broken,
            Condition::Always => true,
            Condition::Variable => holds(Expression::Action(*first)),
        };
        if !begun {
            room -= 1;
        }
        if wanted {
            next.start.push(*first);
            open = true;
            continue;
        }
        let why = match condition {
            Condition::Success => AFTER_FAILURE,
            _ => NOT_ITS_OWN,
        };
        next.skip.push((*first, why));
        // What comes after it is looked at in the next round.
        open |= waiting.len() > 1;
    }
    open
}

/// When an action runs on a machine.
fn condition_of(step: &PlannedStep, action: usize) -> Condition {
    let at = step.actions.iter().position(|place| *place == action);
    let own = at.and_then(|at| step.conditions.get(at));
    own.copied().unwrap_or_default()
}

/// All parts of a step.
fn parts(step: &PlannedStep) -> impl Iterator<Item = Part> {
    let machines = step.machines.iter();
    machines.flat_map(|machine| step.actions.iter().map(|action| (*action, *machine)))
}
