//! Machines: registration, lists, removal.

use api::{
    CommunicationStyle, DiscoveredMachine, Endpoint, HealthStatus, Machine, MachineConnection,
    NewMachine, Page, TentacleVersionDetails,
};
use axum::{Json, http::StatusCode};
use channel::Thumbprint;

use super::{
    Body,
    call::{self, Call, Paging},
    check_name, convert,
    documents::environments,
    mistakes::{Mistakes, shown},
};
use crate::{
    app::{App, Change},
    error::ApiError,
    fleet,
    lookup::{self, Names},
    runner,
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
    let mut machines = of_space(&call).await?;
    narrow(&mut machines, &paging)?;
    Ok(Json(paging.cut("Machine", machines)))
}

/// Leaves the machines that the words of a query ask for.
pub(super) fn narrow(machines: &mut Vec<Machine>, paging: &Paging) -> Result<(), ApiError> {
    let part = paging.word("partialname").to_lowercase();
    let (ids, environments) = (paging.list("ids"), paging.list("environmentids"));
    let (roles, health) = (paging.list("roles"), paging.list("healthstatuses"));
    let styles = paging.list("communicationstyles");
    let thumbprint = paging.word("thumbprint");
    let disabled = match paging.word("isdisabled").to_lowercase().as_str() {
        "" => None,
        "true" => Some(true),
        "false" => Some(false),
        other => {
            let text = format!("isDisabled `{}`: true or false.", shown(other));
            return Err(ApiError::bad(text));
        }
    };
    let one_of =
        |wanted: &[&str], text: &str| wanted.iter().any(|one| one.eq_ignore_ascii_case(text));
    machines.retain(|machine| {
        let all = |wanted: &[&str], texts: &[String]| {
            wanted.is_empty() || texts.iter().any(|text| one_of(wanted, text))
        };
        machine.name.to_lowercase().contains(&part)
            && (ids.is_empty() || one_of(&ids, &machine.id))
            && all(&environments, &machine.environment_ids)
            && all(&roles, &machine.roles)
            && (health.is_empty() || one_of(&health, &format!("{:?}", machine.health_status)))
            && (styles.is_empty()
                || one_of(
                    &styles,
                    &format!("{:?}", machine.endpoint.communication_style),
                ))
            && (thumbprint.is_empty() || machine.thumbprint.eq_ignore_ascii_case(thumbprint))
            && disabled.is_none_or(|wanted| machine.is_disabled == wanted)
    });
    Ok(())
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
    find(&call, call.id()).await.map(Json)
}

/// One, by id.
async fn find(call: &Call, id: &str) -> Result<Machine, ApiError> {
    let machines = of_space(call).await?;
    let found = machines
        .into_iter()
        .find(|machine| machine.id.eq_ignore_ascii_case(id));
    found.ok_or_else(|| ApiError::not_found("machine", id))
}

/// `PUT`: in Octopus's shape, all fields at once.
pub(super) async fn change(
    call: Call,
    Body(new): Body<NewMachine>,
) -> Result<Json<Machine>, ApiError> {
    let before = find(&call, call.id()).await?;
    let registration = checked(&call, new).await?;
    let row = lookup::row_id("Machines", &before.id).unwrap_or(0);
    let words = format!("The machine {} was changed.", registration.name);
    let event = call.event("Modified", &before.id, words);
    call.app
        .store
        .change_machine(row, &registration, &event)
        .await?;
    call.app.changed(Change::Machines);
    runner::arrive(&call.app);
    look_at(&call.app, row).await?;
    find(&call, &before.id).await.map(Json)
}

/// The first look: people need not wait for the next round of checks.
async fn look_at(app: &App, row: i64) -> Result<(), ApiError> {
    if let Some(machine) = app.store.machine(row).await? {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = fleet::check(&app, &machine).await {
                tracing::error!("{}: {}", machine.name, channel::describe(&error));
            }
        });
    }
    Ok(())
}

/// `GET /api/{space}/machines/discover?host=&port=`: who answers there.
pub(super) async fn discover(
    call: Call,
    paging: Paging,
) -> Result<Json<DiscoveredMachine>, ApiError> {
    let mut mistakes = Mistakes::default();
    let host = paging.word("host").trim();
    let is_host = !host.is_empty()
        && host.len() <= 253
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    if !is_host {
        mistakes.add(format!("host `{}`: a host's name or address.", shown(host)));
    }
    let port = match paging.word("port") {
        "" => 10_933,
        text => text.parse().unwrap_or(0_u16),
    };
    if port == 0 {
        let text = shown(paging.word("port"));
        mistakes.add(format!("port `{text}`: a number from 1 to 65535."));
    }
    let style = paging.word("type");
    if !style.is_empty() && !style.eq_ignore_ascii_case("TentaclePassive") {
        mistakes.add(format!(
            "type `{}`: this server finds listening Tentacles (TentaclePassive).",
            shown(style)
        ));
    }
    mistakes.check()?;
    let thumbprint = channel::discover(host, port, &call.app.identity)
        .await
        .map_err(|error| ApiError::bad(format!("host `{host}`, port {port}: {error}")))?;
    let authority = match host.contains(':') {
        true => format!("[{host}]"),
        false => host.to_owned(),
    };
    let register = call::link(call.space, "machines");
    Ok(Json(DiscoveredMachine {
        name: host.to_owned(),
        endpoint: Endpoint {
            communication_style: CommunicationStyle::TentaclePassive,
            uri: format!("https://{authority}:{port}/"),
            thumbprint: thumbprint.to_string(),
            tentacle_version_details: TentacleVersionDetails::default(),
        },
        links: api::Links::from([("Register".to_owned(), register)]),
    }))
}

/// `GET /api/{space}/machines/{id}/connection`
pub(super) async fn connection(call: Call) -> Result<Json<MachineConnection>, ApiError> {
    let machine = find(&call, call.id()).await?;
    let row = lookup::row_id("Machines", &machine.id).unwrap_or(0);
    let row = call.app.store.machine(row).await?;
    let status = match machine.health_status {
        HealthStatus::Unknown => "Unknown",
        HealthStatus::Healthy | HealthStatus::Unhealthy => "Online",
        HealthStatus::Unavailable => "Offline",
    };
    let own = call::link(call.space, &format!("machines/{}", machine.id));
    let links = [("Self", format!("{own}/connection")), ("Machine", own)];
    Ok(Json(MachineConnection {
        machine_id: machine.id,
        status: status.to_owned(),
        summary: machine.status_summary,
        current_tentacle_version: machine.endpoint.tentacle_version_details.version,
        last_checked: row.and_then(|row| row.checked_at).map(convert::time),
        last_seen: machine.last_seen,
        links: links
            .into_iter()
            .map(|(name, path)| (name.to_owned(), path))
            .collect(),
    }))
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
    runner::arrive(app);
    look_at(app, id).await?;
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
        is_disabled: new.is_disabled,
    })
}

pub(super) async fn delete(call: Call) -> Result<StatusCode, ApiError> {
    let machine = find(&call, call.id()).await?;
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
