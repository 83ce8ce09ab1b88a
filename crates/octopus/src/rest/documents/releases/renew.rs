//! A release takes the project's variables as they are now.

use api::Release;

use super::super::{find, overtaken, stored, variables};
use crate::{error::ApiError, rest::call::Call};

/// Replaces the variables in a release's snapshot.
pub(in crate::rest) async fn renew_variables(call: &Call, id: &str) -> Result<(), ApiError> {
    let (document, shown) = find::<Release>(call, id).await?;
    // What is shown lacks the snapshot, so the stored form is read.
    let mut release: Release =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    let (_, set) = variables::of_project(call, &shown.project_id).await?;
    release.project_variable_set_snapshot_id = format!("{}-s-{}", set.id, set.version);
    if let Some(snapshot) = &mut release.snapshot {
        snapshot.variables = set;
    }
    let version = &shown.version;
    let message = format!("The release {version} took the project's variables as they are.");
    let event = call.event("Modified", &shown.id, message);
    let body = stored(&release)?;
    let store = &call.app.store;
    let changed = store.change_document(document.id, document.revision, version, &body, &event);
    match changed.await? {
        true => Ok(()),
        false => Err(overtaken("release")),
    }
}
