//! What the table of addresses can't know: to which environments something is done.

use std::collections::BTreeSet;

use api::{NewTask, TaskArguments, TaskName};

use super::call::Call;
use crate::{
    access::{Permission, Where},
    app::App,
    auth::Caller,
    error::ApiError,
    lookup::{self, Names},
    store::tasks::Task,
};

/// Whether somebody may deploy to an environment of the call's space.
pub(super) fn deployment(call: &Call, environment: i64, name: &str) -> Result<(), ApiError> {
    call.caller.require(
        Permission::DeploymentCreate,
        Where::Environment(call.space, environment),
        &format!(" in the environment {name}"),
    )
}

/// Whether somebody may answer what a task asks.
pub(super) async fn answer(
    call: &Call,
    row: &crate::store::interruptions::Interruption,
) -> Result<(), ApiError> {
    let deployment = call.app.store.deployment_of_task(row.task_id).await?;
    let place = Where::Environment(deployment.space_id, deployment.environment_id);
    let id = lookup::environment_id(deployment.environment_id);
    let words = format!(" in the environment {id}");
    let permission = Permission::InterruptionSubmit;
    call.caller.require(permission, place, &words)
}

/// Whether somebody may start a task.
pub(super) async fn task(call: &Call, new: &NewTask) -> Result<(), ApiError> {
    match new.name {
        TaskName::Health | TaskName::Deploy => Ok(()),
        TaskName::DeployPackage | TaskName::AdHocScript => {
            let permission = Permission::DeploymentCreate;
            let given = &new.arguments;
            let names_none = given.environment_ids.is_empty() && given.machine_ids.is_empty();
            if names_none && given.environment_id.is_none() {
                // All machines, or all with a role.
                let place = Where::Throughout(call.space);
                return call.caller.require(permission, place, "");
            }
            reached(
                &call.app,
                &call.caller,
                permission,
                call.space,
                &new.arguments,
            )
            .await
        }
        TaskName::Upgrade => {
            let place = Where::Throughout(call.space);
            call.caller.require(Permission::MachineEdit, place, "")
        }
    }
}

/// Whether somebody may end a task.
pub(crate) async fn cancel(app: &App, caller: &Caller, task: &Task) -> Result<(), ApiError> {
    let permission = Permission::TaskCancel;
    match task.name {
        TaskName::Deploy => {
            let deployment = app.store.deployment_of_task(task.id).await?;
            let place = Where::Environment(deployment.space_id, deployment.environment_id);
            let id = lookup::environment_id(deployment.environment_id);
            caller.require(permission, place, &format!(" in the environment {id}"))
        }
        TaskName::DeployPackage | TaskName::AdHocScript => {
            // Of the default space, as tasks without a project are.
            reached(app, caller, permission, 1, &task.arguments).await
        }
        _ => caller.require(permission, Where::Throughout(1), ""),
    }
}

/// Refuses unless the caller has the permission in every environment that is reached. Who
/// names a machine reaches all environments of it. What is not there: others say so.
async fn reached(
    app: &App,
    caller: &Caller,
    permission: Permission,
    space: i64,
    arguments: &TaskArguments,
) -> Result<(), ApiError> {
    if caller.allow(permission, Where::Throughout(space)) {
        return Ok(());
    }
    let names = Names::load(&app.store).await?;
    let named = arguments
        .environment_ids
        .iter()
        .chain(&arguments.environment_id);
    let mut environments: BTreeSet<i64> = named
        .filter_map(|text| names.environment(text).ok())
        .collect();
    let machines: BTreeSet<i64> = arguments
        .machine_ids
        .iter()
        .filter_map(|text| names.machine(text).ok())
        .collect();
    for machine in app.store.machines().await? {
        if machines.contains(&machine.id) {
            environments.extend(machine.environments);
        }
    }
    for environment in environments {
        let name = names.environment_name(environment);
        caller.require(
            permission,
            Where::Environment(space, environment),
            &format!(" in the environment {name}"),
        )?;
    }
    Ok(())
}
