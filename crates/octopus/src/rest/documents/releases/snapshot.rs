//! A release takes over its project's variables as they are now.

use api::Release;
use axum::Json;

use crate::{
    error::ApiError,
    rest::{
        call::Call,
        documents::{find, overtaken, stored, variables},
    },
};

/// `POST /api/{space}/releases/{id}/snapshot-variables`
pub(in crate::rest) async fn snapshot_variables(call: Call) -> Result<Json<Release>, ApiError> {
    take_variables(&call, call.id()).await.map(Json)
}

/// Takes over the variables; deployments that have begun or are queued get them as well.
pub(in crate::rest) async fn take_variables(call: &Call, id: &str) -> Result<Release, ApiError> {
    let (document, shown) = find::<Release>(call, id).await?;
    let mut release: Release =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    let (_, set) = variables::of_project(call, &shown.project_id).await?;
    release.project_variable_set_snapshot_id = format!("{}-s-{}", set.id, set.version);
    let mut snapshot = release.snapshot.take().unwrap_or_default();
    snapshot.variables = set;
    release.snapshot = Some(snapshot);
    let words = format!(
        "The variables of release {} were taken over anew.",
        shown.version
    );
    let event = call.event("Modified", &shown.id, words);
    let body = stored(&release)?;
    let store = &call.app.store;
    let changed = store.change_document(
        document.id,
        document.revision,
        &document.name,
        &body,
        &event,
    );
    match changed.await? {
        true => Ok(find::<Release>(call, &shown.id).await?.1),
        false => Err(overtaken("release")),
    }
}
