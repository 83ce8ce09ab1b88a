//! Environments: kept in a table of their own, because machines refer to them.

use api::{Environment, Lifecycle, Machine, Page};
use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use super::every;
use crate::{
    app::Change,
    error::ApiError,
    lookup,
    rest::{
        Body,
        body::List,
        call::{Call, Paging},
        convert, machines,
        mistakes::{Mistakes, shown},
    },
    store::environments,
};

/// The ids of a space's environments.
pub(crate) async fn ids(call: &Call) -> Result<Vec<String>, ApiError> {
    let rows = call.app.store.environments_of(call.space).await?;
    Ok(rows
        .iter()
        .map(|row| lookup::environment_id(row.id))
        .collect())
}

/// Id and name of each.
pub(in crate::rest) async fn ids_and_names(call: &Call) -> Result<Vec<(String, String)>, ApiError> {
    let rows = call.app.store.environments_of(call.space).await?;
    let pairs = rows.into_iter();
    let pairs = pairs.map(|row| (lookup::environment_id(row.id), row.name));
    Ok(pairs.collect())
}

async fn rows(call: &Call) -> Result<Vec<Environment>, ApiError> {
    let rows = call.app.store.environments_of(call.space).await?;
    Ok(rows.into_iter().map(convert::environment).collect())
}

pub(in crate::rest) async fn list(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Environment>>, ApiError> {
    let part = paging.word("partialname").to_lowercase();
    let ids = paging.list("ids");
    let mut found = rows(&call).await?;
    found.retain(|one| {
        one.name.to_lowercase().contains(&part)
            && (ids.is_empty() || ids.iter().any(|id| one.id.eq_ignore_ascii_case(id)))
    });
    Ok(Json(paging.cut("Environment", found)))
}

/// As the list, each with its type.
pub(in crate::rest) async fn list_v2(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Value>>, ApiError> {
    let Json(page) = list(call, paging).await?;
    let items = page.items.iter().map(|environment| {
        let mut value = json!(environment);
        value["Type"] = json!("Static");
        value
    });
    Ok(Json(Page {
        items: items.collect(),
        item_type: page.item_type,
        total_results: page.total_results,
        items_per_page: page.items_per_page,
        number_of_pages: page.number_of_pages,
        last_page_number: page.last_page_number,
        links: page.links,
    }))
}

pub(in crate::rest) async fn all(call: Call) -> Result<Json<Vec<Environment>>, ApiError> {
    rows(&call).await.map(Json)
}

pub(in crate::rest) async fn one(call: Call) -> Result<Json<Environment>, ApiError> {
    find(&call, call.id())
        .await
        .map(|row| Json(convert::environment(row)))
}

/// One of the call's space, by id or name.
pub(crate) async fn find(call: &Call, text: &str) -> Result<environments::Environment, ApiError> {
    let id = lookup::row_id("Environments", text);
    let rows = call.app.store.environments_of(call.space).await?;
    let same = |row: &environments::Environment| {
        id == Some(row.id) || row.name.to_lowercase() == text.trim().to_lowercase()
    };
    let found = rows.into_iter().find(same);
    found.ok_or_else(|| ApiError::not_found("environment", &shown(text)))
}

fn row(call: &Call, new: &Environment) -> Result<environments::Environment, ApiError> {
    let mut mistakes = Mistakes::default();
    mistakes.name("Name", &new.name);
    mistakes.check()?;
    Ok(environments::Environment {
        id: 0,
        space_id: call.space,
        name: new.name.trim().to_owned(),
        description: new.description.clone(),
        sort_order: new.sort_order,
        guided_failure: new.use_guided_failure,
        dynamic: new.allow_dynamic_infrastructure,
    })
}

pub(in crate::rest) async fn create(
    call: Call,
    Body(new): Body<Environment>,
) -> Result<(StatusCode, Json<Environment>), ApiError> {
    let row = row(&call, &new)?;
    let message = format!("The environment {} was created.", row.name);
    let event = call.event("Created", "", message);
    let made = call.app.store.create_environment(&row, &event).await?;
    call.app.changed(Change::Machines);
    Ok((StatusCode::CREATED, Json(convert::environment(made))))
}

pub(in crate::rest) async fn change(
    call: Call,
    Body(new): Body<Environment>,
) -> Result<Json<Environment>, ApiError> {
    let before = find(&call, call.id()).await?;
    let row = environments::Environment {
        id: before.id,
        ..row(&call, &new)?
    };
    let id = lookup::environment_id(row.id);
    let message = format!("The environment {} was changed.", row.name);
    let event = call.event("Modified", &id, message);
    call.app.store.change_environment(&row, &event).await?;
    call.app.changed(Change::Machines);
    Ok(Json(convert::environment(row)))
}

pub(in crate::rest) async fn delete(call: Call) -> Result<Json<Value>, ApiError> {
    let row = find(&call, call.id()).await?;
    let id = lookup::environment_id(row.id);
    let machines = call.app.store.machines().await?;
    if let Some(machine) = machines
        .iter()
        .find(|one| one.environments.contains(&row.id))
    {
        return Err(ApiError::bad(format!(
            "The machine {} belongs to the environment; move or delete its machines first.",
            machine.name
        )));
    }
    for lifecycle in every::<Lifecycle>(&call, None).await? {
        let phases = lifecycle.phases.iter();
        let mut ids = phases.flat_map(|phase| {
            let automatic = &phase.automatic_deployment_targets;
            phase.optional_deployment_targets.iter().chain(automatic)
        });
        if ids.any(|other| *other == id) {
            return Err(ApiError::bad(format!(
                "The lifecycle {} names the environment; take it out there first.",
                lifecycle.name
            )));
        }
    }
    let message = format!("The environment {} was deleted.", row.name);
    let event = call.event("Deleted", &id, message);
    call.app.store.delete_environment(row.id, &event).await?;
    call.app.changed(Change::Machines);
    Ok(Json(json!({})))
}

/// A new order of all environments, by their ids.
pub(in crate::rest) async fn sort(
    call: Call,
    List(ids): List,
) -> Result<Json<Vec<Environment>>, ApiError> {
    if ids.is_empty() {
        return Err(ApiError::bad(
            "Send a list of environments' ids, in the order wanted.",
        ));
    }
    let mut found = Vec::new();
    for id in &ids {
        found.push(find(&call, id).await?);
    }
    for (place, mut row) in (0..).zip(found) {
        row.sort_order = place;
        let id = lookup::environment_id(row.id);
        let event = call.event(
            "Modified",
            &id,
            format!("The environment {} was moved.", row.name),
        );
        call.app.store.change_environment(&row, &event).await?;
    }
    rows(&call).await.map(Json)
}

pub(in crate::rest) async fn machines(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<Machine>>, ApiError> {
    let row = find(&call, call.id()).await?;
    let id = lookup::environment_id(row.id);
    let mut machines = convert::machines(&call.app).await?;
    machines.retain(|machine| machine.environment_ids.contains(&id));
    machines::narrow(&mut machines, &paging)?;
    Ok(Json(paging.cut("Machine", machines)))
}
