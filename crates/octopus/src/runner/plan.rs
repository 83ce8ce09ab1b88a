//! Which machines a task works on, and whether it can begin at all.

use api::{HealthStatus, LogCategory, TaskArguments, TaskName};
use conductor::{
    targets::{self, Candidate, Wanted},
    upgrade::{self, LeftOut},
};
use nupkg::NuGetVersion;

use super::job;

use crate::{
    app::App,
    auth,
    lookup::{self, Names},
    store::{
        self, environments::Environment, machines::Machine, targets::Planned, task_log::NewLine,
        tasks::Task,
    },
};

/// Fixes machines and tickets; the inner error is one sentence for people. What else
/// people need to know goes to `notes`.
pub(super) async fn plan(
    app: &App,
    task: &Task,
    notes: &mut Vec<NewLine>,
) -> store::Result<Result<Vec<Planned>, String>> {
    if task.name == TaskName::DeployPackage {
        let (id, version) = (&task.arguments.package_id, &task.arguments.package_version);
        if let Err(why) = lookup::package(app, id.as_deref(), version.as_deref()).await? {
            return Ok(Err(why));
        }
    }
    let environments = app.store.environments().await?;
    // Of ten thousand machines, most tasks are about a few.
    let (places, ids) = narrow(&task.arguments, &environments);
    let few = app.store.machines_among(&places, &ids).await?;
    if let Ok(planned) = choose(app, task, &environments, few, notes) {
        return Ok(Ok(planned));
    }
    // What is said of it is said of all.
    notes.clear();
    let all = app.store.machines().await?;
    Ok(choose(app, task, &environments, all, notes))
}

/// The environments and machines that the arguments name, as far as they name them by row; empty
/// where that may be any.
fn narrow(arguments: &TaskArguments, environments: &[Environment]) -> (Vec<i64>, Vec<i64>) {
    let names = Names::of_environments(environments.to_vec());
    let places = environments_of(arguments).map(|name| names.environment(name).ok());
    let ids = arguments.machine_ids.iter();
    let ids = ids.map(|text| lookup::row_id("Machines", text));
    let (places, ids): (Option<Vec<i64>>, Option<Vec<i64>>) = (places.collect(), ids.collect());
    (places.unwrap_or_default(), ids.unwrap_or_default())
}

fn environments_of(arguments: &TaskArguments) -> impl Iterator<Item = &String> {
    let several = arguments.environment_ids.iter();
    several.chain(&arguments.environment_id)
}

fn choose(
    app: &App,
    task: &Task,
    environments: &[Environment],
    machines: Vec<Machine>,
    notes: &mut Vec<NewLine>,
) -> Result<Vec<Planned>, String> {
    let names = Names::of(environments.to_vec(), &machines);
    let wanted = wanted(&task.arguments, &names)?;
    let is_upgrade_of_many =
        task.name == TaskName::Upgrade && task.arguments.machine_ids.is_empty();
    let passed_by = match is_upgrade_of_many {
        true => passed_by(app, task, &machines, &wanted),
        false => Vec::new(),
    };
    for (machine, why) in &passed_by {
        let text = format!("{} is left out: {why}.", names.machine_name(*machine));
        notes.push(job::server_line(LogCategory::Info, &text));
    }
    let candidates: Vec<Candidate> = machines
        .into_iter()
        .filter(|machine| !passed_by.iter().any(|(id, _)| *id == machine.id))
        .filter(|machine| task.name != TaskName::DeployPackage || !machine.is_disabled)
        .map(|machine| Candidate {
            id: machine.id,
            name: machine.name,
            environments: machine.environments,
            roles: machine.roles,
        })
        .collect();
    let chosen = match targets::select(&candidates, &wanted) {
        Ok(chosen) => chosen,
        Err(_) if !passed_by.is_empty() => {
            if passed_by.iter().all(|(_, why)| *why == LeftOut::Current) {
                // All is as ordered.
                return Ok(Vec::new());
            }
            let text = "There is nothing to upgrade: every machine is left out, see the log.";
            return Err(text.to_owned());
        }
        Err(why) => return Err(why.to_string()),
    };
    let planned = chosen.into_iter().map(|target| {
        // Random, so that no ticket of another server, or of another life of this one, is met.
        let token = auth::new_token().map_err(|error| error.to_string())?;
        let token: String = token.chars().take(16).collect();
        Ok(Planned {
            machine_id: target.id,
            action: 0,
            action_name: String::new(),
            machine_name: target.name,
            environment_id: target.environment,
            ticket: format!("{}-{}-{token}", task.id, target.id),
        })
    });
    planned.collect()
}

/// Machines that an upgrade of many passes by, and why.
fn passed_by(app: &App, task: &Task, machines: &[Machine], wanted: &Wanted) -> Vec<(i64, LeftOut)> {
    let given = task.arguments.version.as_deref();
    let given: Option<NuGetVersion> = given.and_then(|text| text.parse().ok());
    let ordered = given.unwrap_or_else(|| app.version.clone());
    let asked = |machine: &&Machine| {
        wanted.environments.is_empty()
            || machine
                .environments
                .iter()
                .any(|id| wanted.environments.contains(id))
    };
    let why = |machine: &Machine| {
        let is_bad = |record: &api::VersionRecord| {
            record.standing == "Bad" && record.version.parse().ok().as_ref() == Some(&ordered)
        };
        let known = upgrade::Known {
            reachable: machine.health != HealthStatus::Unavailable,
            running: machine.version.as_ref().and_then(|text| text.parse().ok()),
            rolled_back: machine.versions.iter().any(is_bad),
        };
        upgrade::leave_out(&known, &ordered).map(|why| (machine.id, why))
    };
    machines.iter().filter(asked).filter_map(why).collect()
}

fn wanted(arguments: &TaskArguments, names: &Names) -> Result<Wanted, String> {
    Ok(Wanted {
        environments: environments_of(arguments)
            .map(|name| names.environment(name))
            .collect::<Result<_, _>>()?,
        machines: arguments
            .machine_ids
            .iter()
            .map(|name| names.machine(name))
            .collect::<Result<_, _>>()?,
        roles: arguments.roles.clone(),
    })
}
