//! Which machines a task works on, and whether it can begin at all.

use api::{TaskArguments, TaskName};
use conductor::targets::{self, Candidate, Wanted};

use crate::{
    app::App,
    auth,
    lookup::{self, Names},
    store::{
        Result,
        tasks::{Planned, Task},
    },
};

/// Fixes machines and tickets; the inner error is one sentence for people.
pub(super) async fn plan(app: &App, task: &Task) -> Result<Result<Vec<Planned>, String>> {
    let machines = app.store.machines().await?;
    let names = Names::load(&app.store).await?;
    let wanted = match wanted(&task.arguments, &names) {
        Ok(wanted) => wanted,
        Err(why) => return Ok(Err(why)),
    };
    if task.name == TaskName::DeployPackage {
        let (id, version) = (&task.arguments.package_id, &task.arguments.package_version);
        if let Err(why) = lookup::package(&app.store, id.as_deref(), version.as_deref()).await? {
            return Ok(Err(why));
        }
    }
    let candidates: Vec<Candidate> = machines
        .into_iter()
        .map(|machine| Candidate {
            id: machine.id,
            name: machine.name,
            environments: machine.environments,
            roles: machine.roles,
        })
        .collect();
    let chosen = match targets::select(&candidates, &wanted) {
        Ok(chosen) => chosen,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let planned = chosen.into_iter().map(|target| {
        // Random, so that no ticket of another server, or of another life of this one, is met.
        let token = auth::new_token().map_err(|error| error.to_string())?;
        let token: String = token.chars().take(16).collect();
        Ok(Planned {
            machine_id: target.id,
            machine_name: target.name,
            environment_id: target.environment,
            ticket: format!("{}-{}-{token}", task.id, target.id),
        })
    });
    Ok(planned.collect())
}

fn wanted(arguments: &TaskArguments, names: &Names) -> Result<Wanted, String> {
    let environments = arguments
        .environment_ids
        .iter()
        .chain(&arguments.environment_id);
    Ok(Wanted {
        environments: environments
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
