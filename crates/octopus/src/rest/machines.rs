//! Machines: registration, lists, removal.

use api::{CommunicationStyle, Machine, NewMachine, Page};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use channel::Thumbprint;

use super::{Body, Paging, check_name, check_space, convert};
use crate::{
    app::{App, Change},
    auth::Caller,
    error::ApiError,
    fleet,
    lookup::{self, Names},
    store::machines::Registration,
};

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    environment_ids: Option<String>,
    partial_name: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Machine>>, ApiError> {
    check_space(&space)?;
    let part = filter.partial_name.unwrap_or_default().to_lowercase();
    let environments = filter.environment_ids.unwrap_or_default();
    let environments: Vec<&str> = environments
        .split(',')
        .filter(|id| !id.is_empty())
        .collect();
    let mut machines = convert::machines(&app).await?;
    machines.retain(|machine| {
        let ids = &machine.environment_ids;
        machine.name.to_lowercase().contains(&part)
            && (environments.is_empty() || ids.iter().any(|id| environments.contains(&id.as_str())))
    });
    Ok(Json(paging.cut("Machine", machines)))
}

pub(super) async fn all(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
) -> Result<Json<Vec<Machine>>, ApiError> {
    check_space(&space)?;
    Ok(Json(convert::machines(&app).await?))
}

pub(super) async fn one(
    State(app): State<App>,
    _caller: Caller,
    Path((space, id)): Path<(String, String)>,
) -> Result<Json<Machine>, ApiError> {
    check_space(&space)?;
    let machines = convert::machines(&app).await?;
    let found = machines.into_iter().find(|machine| machine.id == id);
    found
        .map(Json)
        .ok_or_else(|| ApiError::not_found("machine", &id))
}

/// Pins the thumbprint: from now on, only the owner of that certificate is talked to.
pub(super) async fn register(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Body(new): Body<NewMachine>,
) -> Result<(StatusCode, Json<Machine>), ApiError> {
    check_space(&space)?;
    let registration = checked(&app, new).await?;
    let id = app.store.register_machine(&registration).await?;
    app.changed(Change::Machines);
    if let Some(machine) = app.store.machine(id).await? {
        // The first look: people need not wait for the next round of checks.
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = fleet::check(&app, &machine).await {
                tracing::error!("{}: {}", machine.name, channel::describe(&error));
            }
        });
    }
    let id = lookup::machine_id(id);
    let machines = convert::machines(&app).await?;
    let machine = machines.into_iter().find(|machine| machine.id == id);
    let machine = machine.ok_or_else(|| ApiError::not_found("machine", &id))?;
    Ok((StatusCode::CREATED, Json(machine)))
}

async fn checked(app: &App, new: NewMachine) -> Result<Registration, ApiError> {
    check_name("a machine", &new.name)?;
    let roles: Vec<String> = new
        .roles
        .iter()
        .map(|role| role.trim().to_owned())
        .collect();
    if roles.is_empty() || roles.iter().any(String::is_empty) {
        return Err(ApiError::bad(
            "Roles: a machine takes at least one role, and none empty.",
        ));
    }
    if new.environment_ids.is_empty() {
        return Err(ApiError::bad(
            "EnvironmentIds: a machine takes at least one environment.",
        ));
    }
    if new.endpoint.communication_style != CommunicationStyle::TentaclePassive {
        return Err(ApiError::bad(
            "Endpoint.CommunicationStyle: this server takes listening Tentacles (TentaclePassive).",
        ));
    }
    let names = Names::load(&app.store).await?;
    let environments = new.environment_ids.iter().map(|id| names.environment(id));
    let environments = environments
        .collect::<Result<_, _>>()
        .map_err(ApiError::bad)?;
    let thumbprint: Thumbprint = new
        .endpoint
        .thumbprint
        .parse()
        .map_err(|error| ApiError::bad(format!("Endpoint.Thumbprint: {error}")))?;
    channel::dial(&new.endpoint.uri, &app.identity, thumbprint)
        .map_err(|error| ApiError::bad(format!("Endpoint.Uri: {error}")))?;
    Ok(Registration {
        name: new.name.trim().to_owned(),
        uri: new.endpoint.uri,
        thumbprint: thumbprint.to_string(),
        roles,
        environments,
    })
}

pub(super) async fn delete(
    State(app): State<App>,
    _caller: Caller,
    Path((space, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    check_space(&space)?;
    let row = lookup::row_id("Machines", &id);
    let deleted = match row {
        Some(row) => app.store.delete_machine(row).await?,
        None => false,
    };
    if !deleted {
        return Err(ApiError::not_found("machine", &id));
    }
    app.changed(Change::Machines);
    Ok(StatusCode::OK)
}
