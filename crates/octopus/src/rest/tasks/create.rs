//! Starting a task: from programs as JSON, from the portal's buttons as a form.

use std::collections::BTreeMap;

use api::{NewTask, TaskArguments, TaskName};
use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{App, Change},
    error::ApiError,
    lookup::{self, Names},
    rest::{
        Body, allowed,
        call::Call,
        convert,
        mistakes::{Mistakes, shown},
    },
    runner,
    store::{events::NewEvent, tasks::Task},
};

/// `POST /api/{space}/tasks`. A form is answered with the way to the task's page.
pub(in crate::rest) async fn post(call: Call, request: Request) -> Result<Response, ApiError> {
    let app = &call.app;
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    if is_form {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(|error| ApiError::bad(error.body_text()))?;
        let task = start(&call, from_form(form.0)?).await?;
        let page = format!("/tasks/{}", lookup::task_id(task.id));
        return Ok(Redirect::to(&page).into_response());
    }
    let Body(new) = Body::<NewTask>::from_request(request, app).await?;
    let task = start(&call, new).await?;
    Ok((StatusCode::CREATED, Json(convert::task(task))).into_response())
}

/// Starts what the caller may start, and writes it down.
pub(crate) async fn start(call: &Call, new: NewTask) -> Result<Task, ApiError> {
    allowed::task(call, &new).await?;
    create(&call.app, new, |id, description| {
        let words = format!("The task was queued: {description}.");
        call.event("Queued", id, words)
    })
    .await
}

/// The fields of a form have the names of the JSON's, lists by repetition.
fn from_form(fields: Vec<(String, String)>) -> Result<NewTask, ApiError> {
    let mut name = None;
    let mut arguments = TaskArguments::default();
    for (field, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        match field.as_str() {
            "Name" => {
                let parsed = serde_json::from_value(value.as_str().into());
                let known = parsed
                    .map_err(|_| ApiError::bad(format!("Name `{value}`: no task is called so.")))?;
                name = Some(known);
            }
            "EnvironmentId" => arguments.environment_id = Some(value),
            "MachineIds" => arguments.machine_ids.push(value),
            "Version" => arguments.version = Some(value),
            _ => {}
        }
    }
    Ok(NewTask {
        name: name.ok_or_else(|| ApiError::bad("Name: say what the task is to do."))?,
        description: String::new(),
        arguments,
    })
}

/// Checks what was asked for, queues it, and starts it. `event` makes what is written down of it
/// from the task's id and description.
pub(crate) async fn create(
    app: &App,
    new: NewTask,
    event: impl FnOnce(&str, &str) -> NewEvent,
) -> Result<Task, ApiError> {
    let mut arguments = new.arguments;
    let names = match arguments.machine_ids.as_slice() {
        [] => Names::of_environments(app.store.environments().await?),
        _ => Names::load(&app.store).await?,
    };
    let environments = arguments
        .environment_ids
        .iter_mut()
        .chain(&mut arguments.environment_id);
    for environment in environments {
        let id = names.environment(environment).map_err(ApiError::bad)?;
        *environment = lookup::environment_id(id);
    }
    for machine in &mut arguments.machine_ids {
        let id = names.machine(machine).map_err(ApiError::bad)?;
        *machine = lookup::machine_id(id);
    }
    if let Some(version) = &arguments.version {
        let parsed = version.parse::<nupkg::NuGetVersion>();
        let parsed = parsed.map_err(|error| ApiError::bad(format!("Version: {error}")))?;
        arguments.version = Some(parsed.to_string());
    }
    if new.name == TaskName::Deploy {
        return Err(ApiError::bad(
            "Name `Deploy`: post a deployment to /api/{space}/deployments; it makes its task.",
        ));
    }
    match new.name {
        TaskName::DeployPackage => settle_package(app, &mut arguments).await?,
        TaskName::AdHocScript => check_script(&arguments)?,
        TaskName::Upgrade | TaskName::Health | TaskName::Deploy => {}
    }
    let mut secrets = BTreeMap::new();
    for name in &arguments.sensitive_variables {
        let value = arguments.variables.remove(name).ok_or_else(|| {
            ApiError::bad(format!(
                "SensitiveVariables: `{name}` has no value in Variables."
            ))
        })?;
        secrets.insert(name.clone(), value);
    }
    let description = match new.description.trim() {
        "" => describe(new.name, &arguments, &names, app),
        words => words.to_owned(),
    };
    let event = |id| event(&lookup::task_id(id), &description);
    let task = app
        .store
        .create_task(new.name, &description, &arguments, &secrets, event)
        .await?;
    runner::start(app, task.id);
    app.changed(Change::Task(task.id));
    Ok(task)
}

/// The version is settled now: a package pushed later does not slip into a queued task.
async fn settle_package(app: &App, arguments: &mut TaskArguments) -> Result<(), ApiError> {
    let (id, version) = (&arguments.package_id, &arguments.package_version);
    let package = lookup::package(app, id.as_deref(), version.as_deref())
        .await?
        .map_err(ApiError::bad)?;
    arguments.package_id = Some(package.package_id);
    arguments.package_version = Some(package.version);
    if arguments.environment_ids.is_empty() && arguments.machine_ids.is_empty() {
        return Err(ApiError::bad(
            "EnvironmentIds or MachineIds: say where the package is to go.",
        ));
    }
    Ok(())
}

fn check_script(arguments: &TaskArguments) -> Result<(), ApiError> {
    let mut mistakes = Mistakes::default();
    let body = arguments.script_body.as_deref().unwrap_or_default();
    if body.trim().is_empty() {
        mistakes.add("ScriptBody: there is no script.");
    }
    let syntax = arguments.syntax.as_deref().unwrap_or_default();
    if !["", "bash", "python", "powershell"].contains(&syntax.to_lowercase().as_str()) {
        mistakes.add(format!(
            "Syntax `{}`: Bash, Python or PowerShell.",
            shown(syntax)
        ));
    }
    let TaskArguments {
        environment_id,
        environment_ids,
        machine_ids,
        roles,
        ..
    } = arguments;
    if environment_ids.is_empty()
        && machine_ids.is_empty()
        && roles.is_empty()
        && environment_id.is_none()
    {
        mistakes.add("EnvironmentIds, MachineIds or TargetRoles: say where the script is to run.");
    }
    mistakes.check()
}

fn describe(name: TaskName, arguments: &TaskArguments, names: &Names, app: &App) -> String {
    let environments = arguments
        .environment_ids
        .iter()
        .chain(&arguments.environment_id)
        .filter_map(|id| lookup::row_id("Environments", id))
        .map(|id| names.environment_name(id));
    let machines = arguments
        .machine_ids
        .iter()
        .filter_map(|id| lookup::row_id("Machines", id))
        .map(|id| names.machine_name(id));
    let places: Vec<&str> = environments.chain(machines).collect();
    let place = match places.as_slice() {
        [] => "all machines".to_owned(),
        [first, second, third, fourth, ..] => {
            let more = places.len() - 4;
            let first = [*first, *second, *third, *fourth].join(", ");
            if more == 0 {
                first
            } else {
                format!("{first} and {more} more")
            }
        }
        few => few.join(", "),
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match name {
        TaskName::Upgrade => {
            let version = arguments.version.clone();
            let version = version.unwrap_or_else(|| app.version.to_string());
            format!("Upgrade Tentacle to {version} on {place}")
        }
        TaskName::AdHocScript => format!("Run a script on {place}"),
        TaskName::Health => format!("Check the health of {place}"),
        TaskName::Deploy | TaskName::DeployPackage => format!(
            "Deploy {} {} to {place}",
            text(&arguments.package_id),
            text(&arguments.package_version)
        ),
    }
}
