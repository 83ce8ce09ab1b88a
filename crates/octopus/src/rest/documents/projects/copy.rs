//! A new project as another one is: its process, variables, channels and triggers, without its
//! releases.

use api::{Channel, DeploymentProcess, Project, ProjectTrigger, variables::VariableSet};
use axum::{Json, http::StatusCode};

use super::super::{Resource, every, find, make_with, overtaken, processes, stored, variables};
use crate::{
    error::ApiError,
    rest::{
        Body,
        call::{Call, Paging},
    },
    store::documents::{Document, NewDocument},
};

/// `POST` of a project; with `?clone=Projects-1` as a copy of that one.
pub(in crate::rest) async fn create(
    call: Call,
    paging: Paging,
    body: Body<Project>,
) -> Result<(StatusCode, Json<Project>), ApiError> {
    match paging.word("clone") {
        "" => super::super::create(call, body).await,
        source => {
            let made = copy(&call, source, body.0).await?;
            Ok((StatusCode::CREATED, Json(made)))
        }
    }
}

async fn copy(call: &Call, source: &str, new: Project) -> Result<Project, ApiError> {
    let (owner, source) = find::<Project>(call, source).await?;
    let channels = every::<Channel>(call, Some(owner.id)).await?;
    let (_, process) = processes::of_project(call, &source.id).await?;
    let (_, set) = variables::of_project(call, &source.id).await?;
    let child = |kind, name: &str, body| NewDocument {
        kind,
        space_id: call.space,
        owner_id: 0,
        name: name.to_owned(),
        body,
    };
    let mut children = Vec::new();
    for channel in &channels {
        children.push(child(Channel::KIND, &channel.name, stored(channel)?));
    }
    for trigger in every::<ProjectTrigger>(call, Some(owner.id)).await? {
        let body = stored(&trigger)?;
        children.push(child(ProjectTrigger::KIND, &trigger.name, body));
    }
    // Secrets stay sealed, and belong to what they are, not to whose they are.
    children.push(child(processes::KIND, "", stored(&process)?));
    children.push(child(variables::KIND, "", stored(&set)?));
    let made = make_with(call, new, &children).await?;
    point_to_own(call, &source, &channels, &made).await?;
    Ok(made)
}

/// What names the source's channels and process names the copy's from now on.
async fn point_to_own(
    call: &Call,
    source: &Project,
    channels: &[Channel],
    made: &Project,
) -> Result<(), ApiError> {
    let (owner, _) = find::<Project>(call, &made.id).await?;
    let own = every::<Channel>(call, Some(owner.id)).await?;
    let renew = |ids: &mut Vec<String>| {
        for id in ids {
            let named = channels.iter().find(|one| one.id == *id);
            let same = named.and_then(|named| own.iter().find(|one| one.name == named.name));
            if let Some(same) = same {
                id.clone_from(&same.id);
            }
        }
    };
    let (document, mut process): (_, DeploymentProcess) =
        processes::of_project(call, &made.id).await?;
    let before = process.clone();
    for action in process.steps.iter_mut().flat_map(|step| &mut step.actions) {
        renew(&mut action.channels);
    }
    if process != before {
        change(call, &document, &process).await?;
    }
    let (document, mut set): (_, VariableSet) = variables::of_project(call, &made.id).await?;
    let before = set.clone();
    for variable in &mut set.variables {
        renew(&mut variable.scope.channel);
        for id in &mut variable.scope.process_owner {
            if *id == source.deployment_process_id {
                id.clone_from(&made.deployment_process_id);
            }
        }
    }
    if set != before {
        change(call, &document, &set).await?;
    }
    Ok(())
}

async fn change<T: serde::Serialize>(
    call: &Call,
    document: &Document,
    resource: &T,
) -> Result<(), ApiError> {
    let message = "What is in the copied project names its own channels.".to_owned();
    let event = call.event("Modified", &document.public_id(), message);
    let store = &call.app.store;
    let body = stored(resource)?;
    let changed = store.change_document(document.id, document.revision, "", &body, &event);
    match changed.await? {
        true => Ok(()),
        false => Err(overtaken("project")),
    }
}
