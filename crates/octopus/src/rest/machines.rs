//! Machines: registration, lists, removal.

use api::{CommunicationStyle, Machine, NewMachine, Page};
use axum::{Json, http::StatusCode};
use channel::Thumbprint;

use super::{
    Body,
    call::{Call, Paging},
    check_name, convert,
    documents::environments,
};
use crate::{
    app::Change,
    error::ApiError,
    fleet,
    lookup::{self, Names},
    store::machines::Registration,
};

/// The machines of the call's space: those with an environment of it.
pub(super) async fn of_space(call: &Call) -> Result<Vec<Machine>, ApiError> {
    let known = environments::ids(call).await?;
    let mut machines = convert::machines(&call.app).await?;
    machines.retain(|machine| machine.environment_ids.iter().any(|id| known.contains(id)));
    Ok(machines)
}

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Machine>>, ApiError> {
    let part = paging.word("partialname").to_lowercase();
    let (ids, environments) = (paging.list("ids"), paging.list("environmentids"));
    let (roles, health) = (paging.list("roles"), paging.list("healthstatuses"));
    let mut machines = of_space(&call).await?;
    let one_of =
        |wanted: &[&str], text: &str| wanted.iter().any(|one| one.eq_ignore_ascii_case(text));
    machines.retain(|machine| {
        machine.name.to_lowercase().contains(&part)
            && (ids.is_empty() || one_of(&ids, &machine.id))
            && (environments.is_empty()
                || machine
                    .environment_ids
                    .iter()
                    .any(|id| one_of(&environments, id)))
            && (roles.is_empty() || machine.roles.iter().any(|role| one_of(&roles, role)))
            && (health.is_empty() || one_of(&health, &format!("{:?}", machine.health_status)))
    });
    Ok(Json(paging.cut("Machine", machines)))
}

pub(super) async fn all(call: Call) -> Result<Json<Vec<Machine>>, ApiError> {
    of_space(&call).await.map(Json)
}

/// All roles that machines of the space have.
pub(super) async fn roles(call: Call) -> Result<Json<Vec<String>>, ApiError> {
    let machines = of_space(&call).await?;
    let mut roles: Vec<String> = machines
        .into_iter()
        .flat_map(|machine| machine.roles)
        .collect();
    roles.sort();
    roles.dedup();
    Ok(Json(roles))
}

pub(super) async fn one(call: Call) -> Result<Json<Machine>, ApiError> {
    let machines = of_space(&call).await?;
    let found = machines
        .into_iter()
        .find(|machine| machine.id.eq_ignore_ascii_case(call.id()));
    found
        .map(Json)
        .ok_or_else(|| ApiError::not_found("machine", call.id()))
}

/// Pins the thumbprint: from now on, only the owner of that certificate is talked to.
pub(super) async fn register(
    call: Call,
    Body(new): Body<NewMachine>,
) -> Result<(StatusCode, Json<Machine>), ApiError> {
    let registration = checked(&call, new).await?;
    let app = &call.app;
    let id = app.store.register_machine(&registration).await?;
    let words = format!("The machine {} was registered.", registration.name);
    let event = call.event("Created", &lookup::machine_id(id), words);
    app.store.record(&event).await?;
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
    let machines = convert::machines(app).await?;
    let machine = machines.into_iter().find(|machine| machine.id == id);
    let machine = machine.ok_or_else(|| ApiError::not_found("machine", &id))?;
    Ok((StatusCode::CREATED, Json(machine)))
}

async fn checked(call: &Call, new: NewMachine) -> Result<Registration, ApiError> {
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
    let known = call.app.store.environments_of(call.space).await?;
    let names = Names::of_environments(known);
    let environments = new.environment_ids.iter().map(|id| names.environment(id));
    let environments = environments
        .collect::<Result<_, _>>()
        .map_err(ApiError::bad)?;
    let thumbprint: Thumbprint = new
        .endpoint
        .thumbprint
        .parse()
        .map_err(|error| ApiError::bad(format!("Endpoint.Thumbprint: {error}")))?;
    channel::dial(&new.endpoint.uri, &call.app.identity, thumbprint)
        .map_err(|error| ApiError::bad(format!("Endpoint.Uri: {error}")))?;
    Ok(Registration {
        name: new.name.trim().to_owned(),
        uri: new.endpoint.uri,
        thumbprint: thumbprint.to_string(),
        roles,
        environments,
    })
}

pub(super) async fn delete(call: Call) -> Result<StatusCode, ApiError> {
    let machines = of_space(&call).await?;
    let found = machines
        .into_iter()
        .find(|machine| machine.id.eq_ignore_ascii_case(call.id()));
    let machine = found.ok_or_else(|| ApiError::not_found("machine", call.id()))?;
    let row = lookup::row_id("Machines", &machine.id).unwrap_or(0);
    if !call.app.store.delete_machine(row).await? {
        return Err(ApiError::not_found("machine", call.id()));
    }
    let words = format!("The machine {} was removed.", machine.name);
    let event = call.event("Deleted", &machine.id, words);
    call.app.store.record(&event).await?;
    call.app.changed(Change::Machines);
    Ok(StatusCode::OK)
}
