//! Deployments: a release to an environment, checked before anything is queued.

mod arrival;
mod automatic;
mod command;
mod template;
mod way;

use api::{Deployment, Page, Release};
use axum::{Json, http::StatusCode};

pub(crate) use arrival::deploy_to_arrived;
pub(crate) use automatic::deploy_automatically;
pub(super) use command::create_v1;
pub(super) use template::{preview, template};
pub(crate) use way::places;
pub(super) use way::{Way, way};

use super::{
    Body, allowed,
    call::{self, Call, Paging},
    convert,
    documents::{environments, find, releases},
    machines,
    mistakes::{Mistakes, shown},
};
use crate::{
    app::Change,
    error::ApiError,
    lookup, runner,
    store::{
        self,
        causes::{Cause, Made},
        deployments::{self, Wanted},
    },
};

/// `POST /api/{space}/deployments`
pub(super) async fn create(
    call: Call,
    Body(new): Body<Deployment>,
) -> Result<(StatusCode, Json<Deployment>), ApiError> {
    let made = make(&call, new).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Checks a deployment that somebody asks for, and queues it.
pub(crate) async fn make(call: &Call, new: Deployment) -> Result<Deployment, ApiError> {
    match order(call, new, Cause::Person).await? {
        Ordered::Made(made) => Ok(*made),
        Ordered::Known | Ordered::Later => {
            let text = "The deployment was made by somebody else meanwhile.";
            Err(ApiError::new(StatusCode::CONFLICT, text))
        }
    }
}

/// What became of an order.
enum Ordered {
    /// It is queued.
    Made(Box<Deployment>),
    /// It was made for this cause before.
    Known,
    /// Not while something else goes on there.
    Later,
}

/// The variables of a release, as stored, that whoever deploys it is asked for.
pub(crate) fn asked_for(release: &str) -> Result<Vec<api::variables::Variable>, ApiError> {
    let snapshot = releases_snapshot(release)?;
    let mut variables = snapshot.variables.variables;
    variables.retain(|variable| variable.prompt.is_some());
    Ok(variables)
}

/// Checks a deployment, and queues it if there is none for this cause.
async fn order(call: &Call, mut new: Deployment, cause: Cause) -> Result<Ordered, ApiError> {
    let mut mistakes = Mistakes::default();
    let release = find::<Release>(call, &new.release_id).await;
    let environment = environments::find(call, &new.environment_id).await;
    if release.is_err() {
        let id = shown(&new.release_id);
        mistakes.add(format!(
            "ReleaseId `{id}`: this space has no release with this id."
        ));
    }
    if environment.is_err() {
        let id = shown(&new.environment_id);
        mistakes.add(format!(
            "EnvironmentId `{id}`: this space has no such environment."
        ));
    }
    let (Ok((document, release)), Ok(environment)) = (release, environment) else {
        mistakes.check()?;
        return Err(ApiError::bad(
            "The deployment names no release and environment.",
        ));
    };
    allowed::deployment(call, environment.id, &environment.name)?;
    let (owner, project) = releases::project(call, &release.project_id).await?;
    let environment_id = lookup::environment_id(environment.id);
    let way = way(call, &project, &release, document.id).await?;
    if let Err(why) = way.leads_to(&environment_id) {
        let name = &environment.name;
        mistakes.add(format!("EnvironmentId `{name}`: {why}."));
    }
    let starts_at = times(&new, &mut mistakes);
    settle_machines(call, &mut new, &environment_id, &mut mistakes).await?;
    let snapshot = releases_snapshot(&document.body)?;
    let prompts = std::mem::take(&mut new.form_values);
    for (id, value) in prompts {
        match snapshot
            .variables
            .variables
            .iter()
            .any(|variable| variable.id == id)
        {
            true => {
                let sealed = call.app.store.seal(runner::PROMPT, &value)?;
                new.form_values.insert(id, sealed);
            }
            false => mistakes.add(format!(
                "FormValues `{}`: the release has no variable with this id.",
                shown(&id)
            )),
        }
    }
    for variable in &snapshot.variables.variables {
        let required = variable
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.required);
        let has_value = variable
            .value
            .as_ref()
            .is_some_and(|value| !value.is_empty());
        if required && !has_value && !new.form_values.contains_key(&variable.id) {
            mistakes.add(format!(
                "FormValues `{}`: {} takes a value.",
                variable.id, variable.name
            ));
        }
    }
    for id in &new.skip_actions {
        let mut actions = snapshot.process.steps.iter().flat_map(|step| &step.actions);
        match actions.find(|action| action.id == *id) {
            None => mistakes.add(format!(
                "SkipActions `{}`: the release has no such step.",
                shown(id)
            )),
            Some(action) if action.is_required => mistakes.add(format!(
                "SkipActions `{}`: the step {} is required.",
                shown(id),
                action.name
            )),
            Some(_) => {}
        }
    }
    mistakes.check()?;
    new.name = format!("Deploy to {}", environment.name);
    new.release_id = release.id;
    new.environment_id = environment_id;
    new.project_id = project.id;
    new.channel_id = release.channel_id;
    new.created = convert::time(store::now_ms());
    new.deployed_by = call.caller.user.username.clone();
    let row = deployments::Deployment {
        space_id: call.space,
        project_id: owner.id,
        release_id: document.id,
        environment_id: environment.id,
        starts_at,
        body: super::documents::stored(&new)?,
        ..deployments::Deployment::default()
    };
    let (name, version) = (&project.name, &release.version);
    let words = format!("Deploy {name} release {version} to {}", environment.name);
    let event = call.event("DeploymentQueued", "", format!("{words}."));
    let made = call
        .app
        .store
        .create_deployment(&row, cause, &words, &event)
        .await?;
    let id = match made {
        Made::New(id) => id,
        Made::Known => return Ok(Ordered::Known),
        Made::Later => return Ok(Ordered::Later),
    };
    let row = call.app.store.deployment(id).await?;
    let row = row.ok_or_else(|| ApiError::not_found("deployment", &id.to_string()))?;
    runner::start(&call.app, row.task_id);
    call.app.changed(Change::Task(row.task_id));
    Ok(Ordered::Made(Box::new(resource(&row)?)))
}

/// A new deployment of the same as an old one's task.
pub(super) async fn again(call: &Call, task: i64) -> Result<Deployment, ApiError> {
    let row = call.app.store.deployment_of_task(task).await?;
    if row.space_id != call.space && call.space != 0 {
        return Err(ApiError::not_found("task", call.id()));
    }
    let mut new: Deployment =
        serde_json::from_str(&row.body).map_err(|error| ApiError::internal(&error))?;
    for value in new.form_values.values_mut() {
        *value = call.app.store.unseal(runner::PROMPT, value)?;
    }
    new.queue_time = None;
    new.queue_time_expiry = None;
    let call = call.in_space(row.space_id);
    make(&call, new).await
}

fn releases_snapshot(body: &str) -> Result<api::Snapshot, ApiError> {
    let release: Release =
        serde_json::from_str(body).map_err(|error| ApiError::internal(&error))?;
    Ok(*release.snapshot.unwrap_or_default())
}

/// When it begins, in milliseconds since 1970.
fn times(new: &Deployment, mistakes: &mut Mistakes) -> i64 {
    let mut time = |field: &str, text: &Option<String>| {
        let text = text.as_ref()?;
        let parsed = text.parse::<jiff::Timestamp>();
        if parsed.is_err() {
            let text = shown(text);
            mistakes.add(format!(
                "{field} `{text}`: a time with its zone, such as 2030-01-31T20:00:00Z."
            ));
        }
        parsed.ok().map(jiff::Timestamp::as_millisecond)
    };
    let starts_at = time("QueueTime", &new.queue_time).unwrap_or(0);
    let limit = time("QueueTimeExpiry", &new.queue_time_expiry);
    if limit.is_some_and(|limit| limit < starts_at.max(store::now_ms())) {
        mistakes.add("QueueTimeExpiry: the deployment is to begin before that.");
    }
    starts_at
}

/// Machines by id or name become ids.
async fn settle_machines(
    call: &Call,
    new: &mut Deployment,
    environment: &str,
    mistakes: &mut Mistakes,
) -> Result<(), ApiError> {
    let mut known = machines::of_space(call).await?;
    known.retain(|machine| machine.environment_ids.iter().any(|id| id == environment));
    let lists = [
        ("SpecificMachineIds", &mut new.specific_machine_ids),
        ("ExcludedMachineIds", &mut new.excluded_machine_ids),
    ];
    for (field, list) in lists {
        for text in list {
            let same = |machine: &&api::Machine| {
                machine.id.eq_ignore_ascii_case(text)
                    || machine.name.to_lowercase() == text.to_lowercase()
            };
            match known.iter().find(same) {
                Some(machine) => text.clone_from(&machine.id),
                None => mistakes.add(format!(
                    "{field} `{}`: the environment has no such machine.",
                    shown(text)
                )),
            }
        }
    }
    Ok(())
}

fn resource(row: &deployments::Deployment) -> Result<Deployment, ApiError> {
    let mut deployment: Deployment =
        serde_json::from_str(&row.body).map_err(|error| ApiError::internal(&error))?;
    deployment.id = format!("Deployments-{}", row.id);
    deployment.space_id = call::space_id(row.space_id);
    deployment.task_id = lookup::task_id(row.task_id);
    // They may be secrets: they go in, and never come out.
    deployment.form_values.clear();
    let paths = [
        ("Self", format!("deployments/{}", deployment.id)),
        ("Task", format!("tasks/{}", deployment.task_id)),
        ("Release", format!("releases/{}", deployment.release_id)),
        ("Project", format!("projects/{}", deployment.project_id)),
        (
            "Environment",
            format!("environments/{}", deployment.environment_id),
        ),
    ];
    deployment.links = super::documents::links(row.space_id, &paths);
    Ok(deployment)
}

/// `GET /api/{space}/deployments/{id}`
pub(super) async fn one(call: Call) -> Result<Json<Deployment>, ApiError> {
    let row = match lookup::row_id("Deployments", call.id()) {
        Some(id) => call.app.store.deployment(id).await?,
        None => None,
    };
    let row = row.filter(|row| row.space_id == call.space);
    row.as_ref()
        .map(resource)
        .unwrap_or_else(|| Err(ApiError::not_found("deployment", call.id())))
        .map(Json)
}

/// `GET /api/{space}/deployments`, of a project and environment with `?projects=&environments=`.
pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Deployment>>, ApiError> {
    let row = |word: &str, prefix: &str| -> i64 {
        // An id that is none finds nothing.
        paging
            .list(word)
            .first()
            .map_or(0, |id| lookup::row_id(prefix, id).unwrap_or(-1))
    };
    let wanted = Wanted {
        project_id: row("projects", "Projects"),
        environment_id: row("environments", "Environments"),
        ..Wanted::default()
    };
    page(&call, &paging, wanted).await.map(Json)
}

/// `GET /api/{space}/releases/{id}/deployments`
pub(super) async fn of_release(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Deployment>>, ApiError> {
    let (document, _) = find::<Release>(&call, call.id()).await?;
    let wanted = Wanted {
        release_id: document.id,
        ..Wanted::default()
    };
    page(&call, &paging, wanted).await.map(Json)
}

async fn page(call: &Call, paging: &Paging, wanted: Wanted) -> Result<Page<Deployment>, ApiError> {
    let (skip, take) = paging.skip_take();
    let wanted = Wanted {
        space_id: call.space,
        ..wanted
    };
    let (rows, total) = call.app.store.deployments(wanted, skip, take).await?;
    let items = rows.iter().map(resource).collect::<Result<_, _>>()?;
    Ok(paging.page("Deployment", items, u64::try_from(total).unwrap_or(0)))
}
