//! `GET /projects`, `/projects/{id}` and `/releases/{id}`, and what is switched there.

use api::{Defect, Deployment, Project, ProjectTrigger, Release, TaskState, variables::Variable};
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Person, WebError, html, moment, sent};
use crate::{
    access::{Permission, Where},
    app::App,
    error::ApiError,
    lookup,
    portal::view::{
        AskedRow, DefectRow, LastDeployment, PlaceRow, ProjectPage, ProjectRow, ProjectsPage,
        ReleasePage, ReleaseRow, Section, TriggerRow,
    },
    rest::{
        self,
        call::Call,
        documents::{self, Resource, every, find, from_document},
    },
    store::{documents::Wanted, standings::Standing},
};

/// Releases on a project's page.
const RECENT: i64 = 30;

pub(super) async fn list(State(app): State<App>, person: Person) -> Result<Response, WebError> {
    let mut projects = Vec::new();
    for document in app.store.documents_of(&[Project::KIND]).await? {
        let place = Where::Space(document.space_id);
        if person.0.allow(Permission::ProjectView, place) {
            projects.push(row(&from_document(&document)?));
        }
    }
    projects.sort_by_key(|row| row.name.to_lowercase());
    html(&ProjectsPage {
        shell: person.shell(&app, Section::Projects),
        projects,
    })
}

fn row(project: &Project) -> ProjectRow {
    ProjectRow {
        id: project.id.clone(),
        name: project.name.clone(),
        description: project.description.clone(),
        is_disabled: project.is_disabled,
    }
}

/// A document's row id and the call in its space, if that may be done there.
async fn place<T: Resource>(
    call: &Call,
    id: &str,
    permission: Permission,
) -> Result<(Call, i64), ApiError> {
    let missing = || ApiError::not_found(T::WHAT, id);
    let row = lookup::row_id(T::KIND, id).ok_or_else(missing)?;
    let document = call.app.store.document(T::KIND, row).await?;
    let document = document.ok_or_else(missing)?;
    let place = Where::Space(document.space_id);
    call.caller.require(permission, place, "")?;
    Ok((call.in_space(document.space_id), document.id))
}

pub(super) async fn one(person: Person, call: Call) -> Result<Response, WebError> {
    let id = call.id().to_owned();
    let (call, owner) = place::<Project>(&call, &id, Permission::ProjectView).await?;
    let (_, project) = find::<Project>(&call, &id).await?;
    let environments = call.app.store.environments_of(call.space).await?;
    let name = |id: &String| {
        let row = lookup::row_id("Environments", id);
        let found = environments.iter().find(|one| Some(one.id) == row);
        found.map_or_else(|| id.clone(), |one| one.name.clone())
    };
    let triggers = every::<ProjectTrigger>(&call, Some(owner)).await?;
    let triggers = triggers.into_iter().map(|trigger| TriggerRow {
        environments: trigger.filter.environment_ids.iter().map(name).collect(),
        redeploys: trigger
            .action
            .should_redeploy_when_machine_has_been_deployed_to,
        id: trigger.id,
        name: trigger.name,
        roles: trigger.filter.roles,
        is_disabled: trigger.is_disabled,
    });
    let wanted = Wanted {
        kind: Release::KIND,
        space_id: call.space,
        owner_id: Some(owner),
        part: "",
        newest_first: true,
    };
    let (newest, _) = call.app.store.documents(wanted, 0, RECENT).await?;
    let standings = call.app.store.standings(owner, 0).await?;
    let mut releases = Vec::new();
    for document in &newest {
        let release: Release = from_document(document)?;
        releases.push(release_row(&call, &release, document.id, &standings).await?);
    }
    html(&ProjectPage {
        shell: person.shell(&call.app, Section::Projects),
        project: row(&project),
        triggers: triggers.collect(),
        releases,
    })
}

async fn release_row(
    call: &Call,
    release: &Release,
    id: i64,
    standings: &[Standing],
) -> Result<ReleaseRow, ApiError> {
    let environments = call.app.store.environments_of(call.space).await?;
    let was_there = |environment: i64| {
        standings.iter().any(|one| {
            one.release_id == id
                && one.environment_id == environment
                && one.state == TaskState::Success
        })
    };
    let here = environments.into_iter().filter(|one| was_there(one.id));
    let held = documents::defects::unresolved(call, id).await?;
    Ok(ReleaseRow {
        id: release.id.clone(),
        version: release.version.clone(),
        environments: here.map(|one| one.name).collect(),
        made: time(&release.assembled),
        is_held: held.is_some(),
    })
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| moment(0))
}

pub(super) async fn release(person: Person, call: Call) -> Result<Response, WebError> {
    let id = call.id().to_owned();
    let (call, row_id) = place::<Release>(&call, &id, Permission::ReleaseView).await?;
    let (document, release) = find::<Release>(&call, &id).await?;
    let asked = rest::asked_for(&document.body)?.into_iter().map(asked);
    let (_, project) = find::<Project>(&call, &release.project_id).await?;
    let standings = call.app.store.standings(0, row_id).await?;
    let defects = every::<Defect>(&call, Some(row_id)).await?;
    let defects = defects.into_iter().map(|defect| DefectRow {
        description: defect.description,
        reported: (defect.reported_by, time(&defect.reported)),
        resolved: defect
            .resolved
            .map(|at| (defect.resolved_by.unwrap_or_default(), time(&at))),
    });
    let places = rest::places_of_release(&call, &project, &release, row_id).await?;
    let places = places.into_iter().map(|place| PlaceRow {
        last: standings
            .iter()
            .find(|one| lookup::environment_id(one.environment_id) == place.id)
            .map(|last| LastDeployment {
                task: lookup::task_id(last.task_id),
                state: last.state,
                when: moment(last.completed_at.unwrap_or(last.queued_at)),
            }),
        id: place.id,
        name: place.name,
        obstacle: place.obstacle,
    });
    html(&ReleasePage {
        shell: person.shell(&call.app, Section::Projects),
        project: row(&project),
        release: release_row(&call, &release, row_id, &standings).await?,
        places: places.collect(),
        asked: asked.collect(),
        notes: release.release_notes,
        defects: defects.collect(),
    })
}

/// In the names of fields, before the id of a variable.
const ASKED: &str = "variable:";

fn asked(variable: Variable) -> AskedRow {
    let prompt = variable.prompt.unwrap_or_default();
    let known = variable.value.unwrap_or_default();
    AskedRow {
        field: format!("{ASKED}{}", variable.id),
        label: match prompt.label.is_empty() {
            true => variable.name,
            false => prompt.label,
        },
        description: prompt.description,
        is_required: prompt.required && known.is_empty(),
        value: match variable.is_sensitive {
            true => String::new(),
            false => known,
        },
        is_sensitive: variable.is_sensitive,
    }
}

/// `POST /projects/{id}/triggers`: new machines get what their environment has.
pub(super) async fn turn_on(_person: Person, call: Call) -> Result<Response, WebError> {
    let id = call.id().to_owned();
    let (call, _) = place::<Project>(&call, &id, Permission::TriggerCreate).await?;
    let new = ProjectTrigger {
        project_id: id.clone(),
        name: "New machines".to_owned(),
        ..ProjectTrigger::default()
    };
    documents::make(&call, new).await?;
    Ok(Redirect::to(&format!("/projects/{id}")).into_response())
}

#[derive(Deserialize)]
pub(super) struct Switch {
    #[serde(default)]
    disabled: bool,
}

/// `POST /triggers/{id}`: on or off.
pub(super) async fn switch(
    _person: Person,
    call: Call,
    wish: Result<Form<Switch>, FormRejection>,
) -> Result<Response, WebError> {
    let wish = sent(wish)?;
    let id = call.id().to_owned();
    let (call, _) = place::<ProjectTrigger>(&call, &id, Permission::TriggerEdit).await?;
    let (_, mut trigger) = find::<ProjectTrigger>(&call, &id).await?;
    let project = trigger.project_id.clone();
    trigger.is_disabled = wish.disabled;
    documents::replace(&call, &id, trigger).await?;
    Ok(Redirect::to(&format!("/projects/{project}")).into_response())
}

/// `POST /releases/{id}/deployments`: to one environment; the way goes on at the task.
pub(super) async fn deploy(
    _person: Person,
    call: Call,
    order: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, WebError> {
    let order = sent(order)?;
    let id = call.id().to_owned();
    // Whether they may deploy depends on the environment, and is looked at with it.
    let (call, _) = place::<Release>(&call, &id, Permission::ReleaseView).await?;
    let mut new = Deployment {
        release_id: id,
        ..Deployment::default()
    };
    for (field, value) in order {
        if field == "environment" {
            new.environment_id = value;
        } else if let Some(variable) = field.strip_prefix(ASKED)
            // What is left empty stays as the release has it.
            && !value.is_empty()
        {
            new.form_values.insert(variable.to_owned(), value);
        }
    }
    let made = rest::deploy(&call, new).await?;
    Ok(Redirect::to(&format!("/tasks/{}", made.task_id)).into_response())
}

#[derive(Deserialize)]
pub(super) struct Progression {
    #[serde(default)]
    wish: String,
    #[serde(default)]
    reason: String,
}

/// `POST /releases/{id}/progression`: whether it may go to later phases.
pub(super) async fn progression(
    _person: Person,
    call: Call,
    said: Result<Form<Progression>, FormRejection>,
) -> Result<Response, WebError> {
    let said = sent(said)?;
    let id = call.id().to_owned();
    let (needed, prevents) = match said.wish.as_str() {
        "prevent" => (Permission::DefectReport, true),
        "allow" => (Permission::DefectResolve, false),
        _ => return Err(ApiError::bad("wish: allow or prevent.").into()),
    };
    let (call, _) = place::<Release>(&call, &id, needed).await?;
    match prevents {
        true => documents::defects::add(&call, &id, &said.reason).await?,
        false => documents::defects::clear(&call, &id).await?,
    };
    Ok(Redirect::to(&format!("/releases/{id}")).into_response())
}
