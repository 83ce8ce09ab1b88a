//! Who changed what.

use api::{Event, Page};
use axum::Json;
use serde_json::{Value, json};

use super::{
    call::{self, Call, Paging},
    convert,
    mistakes::{Mistakes, shown},
};
use crate::{
    access::{Permission, Where},
    error::ApiError,
    lookup,
    store::events::{Event as Row, Wanted},
};

/// Kinds of changes.
const CATEGORIES: [&str; 11] = [
    "Created",
    "Modified",
    "Deleted",
    "Queued",
    "DeploymentQueued",
    "Canceled",
    "DeploymentFailed",
    "InterruptionSubmitted",
    "InterruptionResponsibilityTaken",
    "DefectReported",
    "DefectResolved",
];

/// `GET /api/{space}/events`, of one resource with `?regarding=`.
pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Event>>, ApiError> {
    let mut mistakes = Mistakes::default();
    let mut time = |word: &str| match paging.word(word) {
        "" => None,
        text => {
            // In a query, `+` stands for a space.
            let at = text.replace(' ', "+").parse::<jiff::Timestamp>();
            if at.is_err() {
                mistakes.add(format!(
                    "{word} `{}`: a time with its zone, such as 2030-01-31T20:00:00Z.",
                    shown(text)
                ));
            }
            at.ok().map(jiff::Timestamp::as_millisecond)
        }
    };
    let (from, to) = (time("from"), time("to"));
    mistakes.check()?;
    let mut spaces = vec![call.space];
    if paging.word("includesystem").eq_ignore_ascii_case("true") {
        // Changes of users and teams.
        call.caller
            .require(Permission::UserView, Where::Somewhere, "")?;
        spaces.push(0);
    }
    let mut users = Vec::new();
    for text in paging.list("users") {
        let store = &call.app.store;
        let user = match lookup::row_id("Users", text) {
            Some(row) => store.user(row).await?,
            None => store.user_by_name(text).await?,
        };
        users.push(user.map_or_else(|| text.to_owned(), |user| user.username));
    }
    let texts = |word: &str| paging.list(word).into_iter().map(str::to_owned).collect();
    let wanted = Wanted {
        spaces,
        documents: texts("regarding"),
        users,
        categories: texts("eventcategories"),
        kinds: texts("documenttypes"),
        from,
        to,
    };
    let (skip, take) = paging.skip_take();
    let (rows, total) = call.app.store.events(&wanted, skip, take).await?;
    let total = u64::try_from(total).unwrap_or(0);
    let items = rows.into_iter().map(resource).collect();
    Ok(Json(paging.page("Event", items, total)))
}

/// `GET /api/{space}/events/{id}`
pub(super) async fn one(call: Call) -> Result<Json<Event>, ApiError> {
    let missing = || ApiError::not_found("event", call.id());
    let row = lookup::row_id("Events", call.id()).ok_or_else(missing)?;
    let event = call.app.store.event(row).await?;
    let event = event.filter(|event| event.space_id == call.space);
    event.map(|row| Json(resource(row))).ok_or_else(missing)
}

/// `GET /api/{space}/events/categories`
pub(super) async fn categories(_call: Call) -> Json<Vec<Value>> {
    let category = |id: &str| json!({ "Id": id, "Name": id });
    Json(CATEGORIES.into_iter().map(category).collect())
}

fn resource(row: Row) -> Event {
    let id = format!("Events-{}", row.id);
    let own = call::link(row.space_id, &format!("events/{id}"));
    Event {
        id,
        space_id: call::space_id(row.space_id),
        occurred: convert::time(row.occurred_at),
        username: row.username,
        category: row.category,
        related_document_ids: vec![row.document],
        message: row.message,
        links: api::Links::from([("Self".to_owned(), own)]),
    }
}
