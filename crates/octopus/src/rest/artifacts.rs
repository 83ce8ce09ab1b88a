//! Files that scripts wanted to be kept.

use api::{Artifact, Page};
use axum::{Json, response::Response};

use super::{
    call::{self, Call, Paging},
    convert,
    documents::links,
};
use crate::{
    error::ApiError,
    lookup,
    nuget::content::{self, Content, Wanted},
    store::left,
};

/// `GET /api/{space}/artifacts`, of one task with `?regarding=`.
pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Artifact>>, ApiError> {
    let (skip, take) = paging.skip_take();
    let task = match paging.word("regarding") {
        "" => 0,
        // What is no task has none.
        text => lookup::row_id("ServerTasks", text).unwrap_or(-1),
    };
    let (rows, total) = call.app.store.artifacts(task, skip, take).await?;
    let items = rows.into_iter().map(|row| resource(row, call.space));
    let total = u64::try_from(total).unwrap_or(0);
    Ok(Json(paging.page("Artifact", items.collect(), total)))
}

/// `GET /api/{space}/artifacts/{id}`
pub(super) async fn one(call: Call) -> Result<Json<Artifact>, ApiError> {
    Ok(Json(resource(find(&call).await?, call.space)))
}

/// `GET /api/{space}/artifacts/{id}/content`
pub(super) async fn content(call: Call, wanted: Wanted) -> Result<Response, ApiError> {
    let artifact = find(&call).await?;
    let content = Content {
        sha256: &artifact.sha256,
        file_name: &artifact.name,
        size: artifact.size,
        since: artifact.created_at,
    };
    content::send(&call.app, content, &wanted).await
}

async fn find(call: &Call) -> Result<left::Artifact, ApiError> {
    let found = match lookup::row_id("Artifacts", call.id()) {
        Some(id) => call.app.store.artifact(id).await?,
        None => None,
    };
    found.ok_or_else(|| ApiError::not_found("artifact", call.id()))
}

fn resource(row: left::Artifact, space: i64) -> Artifact {
    let id = format!("Artifacts-{}", row.id);
    let paths = [
        ("Self", format!("artifacts/{id}")),
        ("Content", format!("artifacts/{id}/content")),
    ];
    Artifact {
        links: links(space, &paths),
        id,
        space_id: call::space_id(space),
        filename: row.name,
        server_task_id: lookup::task_id(row.task_id),
        source: lookup::machine_id(row.machine_id),
        size: u64::try_from(row.size).unwrap_or(0),
        created: convert::time(row.created_at),
    }
}
