//! The variables of a deployment: the release's, scoped and ranked for each part, and those
//! that the server sets (`Octopus.…`).

use api::{DeploymentAction, PropertyValue, RetentionUnit};
use variables::{
    VariableSet,
    scope::{Scope, ScopedVariable, Target, resolve},
};
use wire::v1::Variable;

use super::content::Content;
use crate::{
    app::App,
    lookup,
    rest::documents::{processes, variables::SECRET},
    store::{Result, left::Output, machines::Machine},
};

/// To what sealed values of prompts belong.
pub(crate) const PROMPT: &str = "deployments.prompt";

/// The release's variables with the values that were asked for, unsealed.
pub(super) fn unsealed(app: &App, content: &Content) -> Result<Vec<ScopedVariable>> {
    let prompted = &content.deployment.form_values;
    let mut all = Vec::new();
    for variable in &content.snapshot.variables.variables {
        let stored = variable.value.as_deref().unwrap_or_default();
        let value = match prompted.get(&variable.id) {
            Some(sealed) => app.store.unseal(PROMPT, sealed)?,
            None if variable.is_sensitive && !stored.is_empty() => {
                app.store.unseal(SECRET, stored)?
            }
            None => stored.to_owned(),
        };
        let scope = variable.scope.clone();
        all.push(ScopedVariable {
            name: variable.name.clone(),
            value,
            sensitive: variable.is_sensitive,
            scope: Scope {
                environments: scope.environment,
                machines: scope.machine,
                roles: scope.role,
                steps: scope.action,
                channels: scope.channel,
                processes: scope.process_owner,
            },
        });
    }
    Ok(all)
}

fn target(content: &Content) -> Target {
    Target {
        environment: Some(lookup::environment_id(content.row.environment_id)),
        channel: Some(content.release.channel_id.clone()),
        process: Some(content.snapshot.process.id.clone()),
        ..Target::default()
    }
}

/// What holds for every machine and step.
pub(super) fn general(content: &Content) -> VariableSet {
    let mut set = resolve(&content.variables, &target(content));
    for (name, value) in of_deployment(content) {
        set.set(name, value);
    }
    add_progress(&mut set, content);
    add_outputs(&mut set, content, None);
    set
}

/// What became of earlier steps.
fn add_progress(set: &mut VariableSet, content: &Content) {
    for (name, value) in content.progress().variables(content) {
        set.set(name, value);
    }
}

/// What earlier parts have set, by their action's name, and by their machine's too. Without a machine the value of
/// `own` counts, or else the last one.
fn add_outputs(set: &mut VariableSet, content: &Content, own: Option<i64>) {
    let is_own = |output: &&Output| own == Some(output.machine_id);
    let outputs = content.outputs();
    let (mine, others): (Vec<&Output>, Vec<&Output>) = outputs.iter().partition(is_own);
    for output in others.into_iter().chain(mine) {
        let (action, machine) = (&output.action_name, &output.machine_name);
        let Variable {
            name,
            value,
            sensitive,
        } = &output.variable;
        for name in [
            format!("Octopus.Action[{action}].Output.{name}"),
            format!("Octopus.Action[{action}].Output[{machine}].{name}"),
        ] {
            match sensitive {
                true => set.set_sensitive(name, value),
                false => set.set(name, value),
            }
        }
    }
}

/// What holds for one action on one machine.
pub(super) fn of_part(
    app: &App,
    content: &Content,
    (number, action): (usize, &DeploymentAction),
    machine: Option<&Machine>,
    given: &[(&str, &str)],
) -> Result<VariableSet> {
    let target = Target {
        machine: machine.map(|machine| lookup::machine_id(machine.id)),
        roles: machine
            .map(|machine| machine.roles.clone())
            .unwrap_or_default(),
        step: Some(action.id.clone()),
        ..target(content)
    };
    let mut set = resolve(&content.variables, &target);
    for (name, value) in &action.properties {
        match value {
            PropertyValue::Text(text) => set.set(name, text),
            PropertyValue::Sensitive(secret) => {
                if let Some(sealed) = &secret.new_value {
                    set.set_sensitive(name, app.store.unseal(processes::SECRET, sealed)?);
                }
            }
        }
    }
    let step = number
        .checked_sub(1)
        .and_then(|at| content.snapshot.process.steps.get(at));
    let of_machine = machine.into_iter().flat_map(|machine| {
        [
            ("Octopus.Machine.Id", lookup::machine_id(machine.id)),
            ("Octopus.Machine.Name", machine.name.clone()),
            ("Octopus.Machine.Roles", machine.roles.join(",")),
        ]
    });
    let own = [
        (
            "Octopus.Step.Name",
            step.map(|step| step.name.clone()).unwrap_or_default(),
        ),
        ("Octopus.Step.Number", number.to_string()),
        ("Octopus.Action.Id", action.id.clone()),
        ("Octopus.Action.Name", action.name.clone()),
    ];
    let given = given
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    let all = of_deployment(content).into_iter().chain(of_machine);
    for (name, value) in all.chain(own).chain(given) {
        set.set(name, value);
    }
    add_progress(&mut set, content);
    add_outputs(&mut set, content, machine.map(|machine| machine.id));
    Ok(set)
}

/// What the lifecycle says of old installations, unless a variable of the project says it.
pub(super) fn retention(content: &Content) -> Vec<(&'static str, String)> {
    const ITEMS: &str = "OctopusRetentionPolicyItemsToKeep";
    const DAYS: &str = "OctopusRetentionPolicyDaysToKeep";
    let mut said = content.variables.iter();
    let is_said =
        said.any(|one| one.name.eq_ignore_ascii_case(ITEMS) || one.name.eq_ignore_ascii_case(DAYS));
    if is_said || content.kept.should_keep_forever {
        return Vec::new();
    }
    let name = match content.kept.unit {
        RetentionUnit::Items => ITEMS,
        RetentionUnit::Days => DAYS,
    };
    vec![(name, content.kept.quantity_to_keep.to_string())]
}

/// As machines get them.
pub(super) fn to_wire(set: &VariableSet) -> Vec<Variable> {
    let variables = set.iter().map(|variable| Variable {
        name: variable.name.clone(),
        value: variable.value.clone(),
        sensitive: variable.sensitive,
    });
    variables.collect()
}

fn of_deployment(content: &Content) -> Vec<(&'static str, String)> {
    let Content {
        row,
        deployment,
        release,
        project,
        ..
    } = content;
    vec![
        (
            "Octopus.Environment.Id",
            lookup::environment_id(row.environment_id),
        ),
        ("Octopus.Environment.Name", content.environment.clone()),
        ("Octopus.Project.Id", project.id.clone()),
        ("Octopus.Project.Name", project.name.clone()),
        ("Octopus.Release.Id", release.id.clone()),
        ("Octopus.Release.Number", release.version.clone()),
        ("Octopus.Release.Notes", release.release_notes.clone()),
        ("Octopus.Release.Channel.Id", release.channel_id.clone()),
        ("Octopus.Deployment.Id", deployment.id.clone()),
        ("Octopus.Deployment.Name", deployment.name.clone()),
        ("Octopus.Deployment.Comments", deployment.comments.clone()),
        ("Octopus.Deployment.Created", deployment.created.clone()),
        (
            "Octopus.Deployment.CreatedBy.Username",
            deployment.deployed_by.clone(),
        ),
        ("Octopus.Space.Id", project.space_id.clone()),
        ("Octopus.Space.Name", content.space.clone()),
        ("Octopus.Task.Id", lookup::task_id(row.task_id)),
        ("Octopus.Task.Name", deployment.name.clone()),
    ]
}
