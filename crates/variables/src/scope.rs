//! Scoped values: which of several values of a variable holds for a target.
//!
//! The most specific matching value wins. Dimensions count in this order: step, machine,
//! role, environment, channel, process. A value that is scoped to more dimensions beats one
//! that lacks one of them, as long as no earlier dimension decides.

use std::fmt;

use crate::VariableSet;
use crate::template::fold;

/// A value of a variable, and where it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct ScopedVariable {
    /// Name of the variable; compared without case.
    pub name: String,
    /// The value before evaluation.
    pub value: String,
    /// Whether the value must never be shown.
    pub sensitive: bool,
    /// Where the value holds.
    pub scope: Scope,
}

/// Shows no sensitive value.
impl fmt::Debug for ScopedVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.sensitive { "****" } else { &self.value };
        write!(f, "{} = {value:?} for {:?}", self.name, self.scope)
    }
}

/// Where a value holds: in each dimension one of the given ones, by identifier or name
/// as the caller uses them. An empty list stands for everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Environments.
    pub environments: Vec<String>,
    /// Machines, also called deployment targets.
    pub machines: Vec<String>,
    /// Roles, also called target tags.
    pub roles: Vec<String>,
    /// Steps, also called actions.
    pub steps: Vec<String>,
    /// Channels.
    pub channels: Vec<String>,
    /// Processes: the deployment process or a runbook.
    pub processes: Vec<String>,
}

/// What values are wanted for, in the same terms as the scopes. What does not apply is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The environment.
    pub environment: Option<String>,
    /// The machine.
    pub machine: Option<String>,
    /// All roles of the machine.
    pub roles: Vec<String>,
    /// The step.
    pub step: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The process.
    pub process: Option<String>,
}

/// The values that hold for a target. Of equally specific values the first wins.
pub fn resolve(variables: &[ScopedVariable], target: &Target) -> VariableSet {
    let mut matching: Vec<_> = variables
        .iter()
        .filter_map(|variable| Some((rank(&variable.scope, target)?, variable)))
        .collect();
    // Least specific first, and the first of equals last, so that later ones replace earlier ones.
    matching.reverse();
    matching.sort_by_key(|(rank, _)| *rank);
    let winners: std::collections::HashMap<String, &ScopedVariable> = matching
        .into_iter()
        .map(|(_, variable)| (fold(&variable.name).into_owned(), variable))
        .collect();
    let mut set = VariableSet::new();
    for variable in variables {
        let Some(winner) = winners.get(fold(&variable.name).as_ref()) else {
            continue;
        };
        if winner.sensitive {
            set.set_sensitive(&winner.name, &winner.value);
        } else {
            set.set(&winner.name, &winner.value);
        }
    }
    set
}

/// How specific a matching scope is, one flag per dimension; `None` if it does not match.
fn rank(scope: &Scope, target: &Target) -> Option<[bool; 6]> {
    Some([
        dimension(&scope.steps, target.step.as_slice())?,
        dimension(&scope.machines, target.machine.as_slice())?,
        dimension(&scope.roles, &target.roles)?,
        dimension(&scope.environments, target.environment.as_slice())?,
        dimension(&scope.channels, target.channel.as_slice())?,
        dimension(&scope.processes, target.process.as_slice())?,
    ])
}

fn dimension(wanted: &[String], given: &[String]) -> Option<bool> {
    if wanted.is_empty() {
        return Some(false);
    }
    let found = given
        .iter()
        .any(|given| wanted.iter().any(|wanted| fold(wanted) == fold(given)));
    found.then_some(true)
}
