//! Packages of the built-in feed, as Octopus clients see them.

use std::sync::Arc;

use api::{Package, Page};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    call::{Call, Paging},
    check_space, convert,
};
use crate::{
    app::App,
    auth::Caller,
    error::ApiError,
    feed::{self, Overwrite, Taken, Upload, shelf::Item},
    store::packages,
};

#[derive(Debug, serde::Deserialize)]
pub(super) struct Filter {
    filter: Option<String>,
    #[serde(rename = "nuGetPackageId")]
    id: Option<String>,
    #[serde(default)]
    latest: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Package>>, ApiError> {
    check_space(&space)?;
    let part = filter.filter.unwrap_or_default().to_lowercase();
    let shelf = app.shelf().await?;
    let id = filter.id.map(|id| id.to_lowercase());
    let found = shelf
        .newest_first()
        .filter(|item| item.key.contains(&part) && id.as_ref().is_none_or(|id| item.key == *id));
    let mut found: Vec<&Arc<Item>> = found.collect();
    if filter.latest {
        found.dedup_by(|next, kept| next.key == kept.key);
    }
    let package = |item: &Arc<Item>| convert::package(item.package.clone());
    Ok(Json(paging.cut("Package", found).map(package)))
}

/// `GET /api/{space}/packages/packages-Acme.Web.1.0.0`
pub(super) async fn one(call: Call) -> Result<Json<Package>, ApiError> {
    Ok(Json(convert::package(found(&call).await?)))
}

/// `DELETE` of the same. Its content goes in the next round that looks for what no package has.
pub(super) async fn delete(call: Call) -> Result<Json<Value>, ApiError> {
    let package = found(&call).await?;
    call.app.store.remove_package(package.id).await?;
    feed::record(&call.app, &call.caller, &package, "Deleted", "was deleted").await?;
    Ok(Json(json!({})))
}

async fn found(call: &Call) -> Result<packages::Package, ApiError> {
    let shelf = call.app.shelf().await?;
    let found = shelf.all().iter().find(|item| {
        let (id, version) = (&item.package.package_id, &item.package.version);
        format!("packages-{id}.{version}").eq_ignore_ascii_case(call.id())
    });
    match found {
        Some(item) => Ok(item.package.clone()),
        None => Err(ApiError::not_found("package", call.id())),
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadQuery {
    overwrite_mode: Option<String>,
    #[serde(default)]
    replace: bool,
}

impl UploadQuery {
    pub(super) fn overwrite(&self) -> Result<Overwrite, ApiError> {
        match self.overwrite_mode.as_deref() {
            None if self.replace => Ok(Overwrite::Replace),
            mode => Overwrite::read(mode.unwrap_or_default()),
        }
    }
}

pub(super) async fn upload(
    State(app): State<App>,
    caller: Caller,
    Path(space): Path<String>,
    Query(query): Query<UploadQuery>,
    form: Upload,
) -> Result<(StatusCode, Json<Package>), ApiError> {
    check_space(&space)?;
    answer(feed::take_upload(&app, &caller, form, query.overwrite()?).await?)
}

/// 201 for what is new in the feed.
pub(super) fn answer(
    (package, taken): (packages::Package, Taken),
) -> Result<(StatusCode, Json<Package>), ApiError> {
    let status = match taken {
        Taken::New => StatusCode::CREATED,
        Taken::Known => StatusCode::OK,
    };
    Ok((status, Json(convert::package(package))))
}
