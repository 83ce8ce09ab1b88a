//! A deployment: planned in full from the release, then worked off.
//!
//! [`plan`] fixes what is done on which machine; [`next`] tells, from nothing but the plan
//! and what became of its parts so far, what may begin now. So it makes no difference
//! whether the server was restarted in between.

mod failure;
mod work;

pub use failure::{Answer, GuidedMode, Recovery, Then, guided, then};
pub use work::{Expression, Next, Outcome, Part, next};

use std::collections::BTreeSet;

/// Stands for the server itself where a machine is named.
pub const SERVER: i64 = 0;

/// A step of the process, reduced to what decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// What people call it.
    pub name: String,
    /// Roles of its machines.
    pub roles: Vec<String>,
    /// When it runs.
    pub condition: Condition,
    /// Begins together with the step before it.
    pub with_previous: bool,
    /// So many machines at one time; `None`: all.
    pub window: Option<usize>,
    /// What is done on each machine, in order.
    pub actions: Vec<Action>,
}

/// When a step runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nothing has failed before.
    #[default]
    Success,
    /// Something has failed before.
    Failure,
    /// In any case.
    Always,
    /// An expression that the caller evaluates is true.
    Variable,
}

/// What is done on each machine of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Action {
    /// Its id in the process.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When it runs, by what became of the actions before it on the same machine.
    pub condition: Condition,
    /// Switched off.
    pub disabled: bool,
    /// No deployment may leave it out.
    pub required: bool,
    /// Ids: only in these; empty for all.
    pub environments: Vec<String>,
    /// Ids: not in these.
    pub excluded_environments: Vec<String>,
    /// Ids: only for releases of these; empty for all.
    pub channels: Vec<String>,
    /// Who does it.
    pub by: By,
}

/// Who does an action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// The machines of its step.
    #[default]
    Machines,
    /// The server: once, or once for each machine when its step names roles.
    Server,
    /// A person who says that it may go on.
    Person,
}

/// A machine that may take part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// Row id.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// A person has taken it out of service.
    pub disabled: bool,
    /// It does not answer.
    pub unavailable: bool,
    /// It reports a fault.
    pub unhealthy: bool,
}

/// What a deployment is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Id of the environment.
    pub environment: String,
    /// Id of the release's channel.
    pub channel: String,
    /// Ids of actions to leave out.
    pub skip: Vec<String>,
    /// Only these machines; empty for all.
    pub specific: Vec<i64>,
    /// Not these machines.
    pub excluded: Vec<i64>,
    /// Unavailable machines are passed over.
    pub skip_unavailable: bool,
    /// Only unavailable machines with one of these roles are; empty for all.
    pub skip_roles: Vec<String>,
    /// Unhealthy machines are passed over.
    pub skip_unhealthy: bool,
    /// A deployment that finds no machine succeeds.
    pub allow_no_machines: bool,
}

/// All that a deployment does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In order. A step of which nothing is left is not there.
    pub steps: Vec<PlannedStep>,
    /// What was left out, each in one sentence.
    pub notes: Vec<String>,
}

/// A step of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedStep {
    /// Its place in the process, from 1.
    pub number: usize,
    /// What people call it.
    pub name: String,
    /// When it runs.
    pub condition: Condition,
    /// Begins together with the step before it.
    pub with_previous: bool,
    /// So many machines at one time.
    pub window: Option<usize>,
    /// Places of its actions in the whole process, from 1, in order.
    pub actions: Vec<usize>,
    /// When each of them runs on a machine; [`Condition::Success`] where nothing is said.
    pub conditions: Vec<Condition>,
    /// Row ids, in the order in which machines get their turn; [`SERVER`] alone when no machine
    /// is needed.
    pub machines: Vec<i64>,
}

/// Why nothing can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A required action was to be left out.
    #[error("the step {0} is required and can't be skipped")]
    Required(String),
    /// A step finds no machine.
    #[error(
        "the step {step} finds no machine: none in the environment has one of the roles {roles}; \
         give a machine that role, or allow deployments to no machines in the project"
    )]
    NoMachines {
        /// The step.
        step: String,
        /// Its roles.
        roles: String,
    },
    /// Nothing is left to do.
    #[error("no step is left for this environment and channel; look at the steps' conditions")]
    NoSteps,
}

/// Fixes what is done where. `machines` are those of the environment.
pub fn plan(steps: &[Step], machines: &[Machine], order: &Order) -> Result<Plan, PlanError> {
    let mut plan = Plan::default();
    let candidates = candidates(machines, order, &mut plan.notes);
    let mut place = 0;
    let mut missing: Option<PlanError> = None;
    for (number, step) in (1..).zip(steps) {
        let mut actions = Vec::new();
        let mut left = Vec::new();
        let mut conditions = Vec::new();
        for action in &step.actions {
            place += 1;
            if takes_part(action, order, &mut plan.notes)? {
                actions.push(place);
                left.push(action.by);
                conditions.push(action.condition);
            }
        }
        if actions.is_empty() {
            continue;
        }
        let machines = if needs_no_machine(step, &left) {
            vec![SERVER]
        } else {
            chosen(step, &candidates)
        };
        if machines.is_empty() {
            missing.get_or_insert_with(|| PlanError::NoMachines {
                step: step.name.clone(),
                roles: step.roles.join(", "),
            });
            // Whoever names machines does not expect each step to be about one of them.
            if !order.allow_no_machines
                && order.specific.is_empty()
                && let Some(missing) = missing
            {
                return Err(missing);
            }
            plan.notes
                .push(format!("The step {} finds no machine.", step.name));
            continue;
        }
        plan.steps.push(PlannedStep {
            number,
            name: step.name.clone(),
            condition: step.condition,
            with_previous: step.with_previous,
            window: step.window,
            actions,
            conditions,
            machines,
        });
    }
    let mut machines = plan.steps.iter().flat_map(|step| &step.machines);
    if let Some(missing) = missing
        && !order.allow_no_machines
        && machines.all(|machine| *machine == SERVER)
    {
        return Err(missing);
    }
    if plan.steps.is_empty() && !order.allow_no_machines {
        return Err(PlanError::NoSteps);
    }
    Ok(plan)
}

/// Whether the server, or a person, does it all, and for no machine in particular.
fn needs_no_machine(step: &Step, actions: &[By]) -> bool {
    let all = |by: By| actions.iter().all(|other| *other == by);
    all(By::Person) || (step.roles.is_empty() && !actions.contains(&By::Machines))
}

/// The machines with one of a step's roles, by name.
fn chosen(step: &Step, candidates: &[&Machine]) -> Vec<i64> {
    let mut chosen: Vec<&&Machine> = candidates
        .iter()
        .filter(|machine| has_role(machine, &step.roles))
        .collect();
    chosen.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    chosen.into_iter().map(|machine| machine.id).collect()
}

fn has_role(machine: &Machine, roles: &[String]) -> bool {
    let own: BTreeSet<String> = machine.roles.iter().map(|r| r.to_lowercase()).collect();
    roles.iter().any(|role| own.contains(&role.to_lowercase()))
}

fn candidates<'a>(
    machines: &'a [Machine],
    order: &Order,
    notes: &mut Vec<String>,
) -> Vec<&'a Machine> {
    let mut left_out = |machine: &Machine, why: &str| {
        notes.push(format!("{} is left out: {why}.", machine.name));
        false
    };
    let mut takes_part = |machine: &&Machine| {
        let asked = order.specific.is_empty() || order.specific.contains(&machine.id);
        if !asked || order.excluded.contains(&machine.id) {
            left_out(machine, "the deployment was made without it")
        } else if machine.disabled {
            left_out(machine, "it is disabled")
        } else if order.skip_unavailable
            && machine.unavailable
            && (order.skip_roles.is_empty() || has_role(machine, &order.skip_roles))
        {
            left_out(machine, "it is unavailable")
        } else if order.skip_unhealthy && machine.unhealthy {
            left_out(machine, "it is unhealthy")
        } else {
            true
        }
    };
    machines
        .iter()
        .filter(|machine| takes_part(machine))
        .collect()
}

fn takes_part(action: &Action, order: &Order, notes: &mut Vec<String>) -> Result<bool, PlanError> {
    let here = |ids: &[String], id: &String| ids.is_empty() || ids.contains(id);
    let skipped = order.skip.contains(&action.id);
    let why = if action.disabled {
        "it is disabled"
    } else if !here(&action.environments, &order.environment)
        || action.excluded_environments.contains(&order.environment)
    {
        "it is not for this environment"
    } else if !here(&action.channels, &order.channel) {
        "it is not for this channel"
    } else if skipped && action.required {
        return Err(PlanError::Required(action.name.clone()));
    } else if skipped {
        "the deployment was made without it"
    } else {
        return Ok(true);
    };
    notes.push(format!("The step {} is left out: {why}.", action.name));
    Ok(false)
}

#[cfg(test)]
mod tests;
