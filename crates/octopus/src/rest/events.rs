//! Who changed what.

use api::{Event, Page};
use axum::Json;

use super::{
    call::{self, Call, Paging},
    convert,
};
use crate::error::ApiError;

/// `GET /api/{space}/events`, of one resource with `?regarding=`.
pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<Event>>, ApiError> {
    let (skip, take) = paging.skip_take();
    let regarding = paging.word("regarding");
    let store = &call.app.store;
    let (rows, total) = store.events(call.space, regarding, skip, take).await?;
    let items = rows.into_iter().map(|row| Event {
        id: format!("Events-{}", row.id),
        space_id: call::space_id(row.space_id),
        occurred: convert::time(row.occurred_at),
        username: row.username,
        category: row.category,
        related_document_ids: vec![row.document],
        message: row.message,
    });
    let total = u64::try_from(total).unwrap_or(0);
    Ok(Json(paging.page("Event", items.collect(), total)))
}
