//! A release takes over its project's variables as they are now, when a person says so.

use api::Release;
use axum::Json;

use super::renew_variables;
use crate::{
    error::ApiError,
    rest::{call::Call, documents::find},
};

/// `POST /api/{space}/releases/{id}/snapshot-variables`
pub(in crate::rest) async fn snapshot_variables(call: Call) -> Result<Json<Release>, ApiError> {
    renew_variables(&call, call.id()).await?;
    Ok(Json(find::<Release>(&call, call.id()).await?.1))
}
