//! Packages of the built-in feed, as Octopus clients see them.

use std::sync::Arc;

use api::{Package, PackageVersion, Page};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};

use super::{call::Paging, check_space, convert};
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
    let found = shelf.newest_first().filter(|item| item.key.contains(&part));
    let mut found: Vec<&Arc<Item>> = found.collect();
    if filter.latest {
        found.dedup_by(|next, kept| next.key == kept.key);
    }
    let package = |item: &Arc<Item>| convert::package(item.package.clone());
    Ok(Json(paging.cut("Package", found).map(package)))
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VersionsOf {
    package_id: String,
}

pub(super) async fn versions(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    paging: Paging,
    Query(query): Query<VersionsOf>,
) -> Result<Json<Page<PackageVersion>>, ApiError> {
    check_space(&space)?;
    let shelf = app.shelf().await?;
    let versions = shelf.of(&query.package_id).iter().rev();
    let version = |item: &Arc<Item>| PackageVersion {
        package_id: item.package.package_id.clone(),
        version: item.package.version.clone(),
        published: convert::time(item.package.published_at),
        size_bytes: u64::try_from(item.package.size).unwrap_or(0),
    };
    let page = paging.cut("PackageVersion", versions.collect());
    Ok(Json(page.map(version)))
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
            None | Some("FailIfExists") => Ok(Overwrite::Fail),
            Some("OverwriteExisting") => Ok(Overwrite::Replace),
            Some("IgnoreIfExists") => Ok(Overwrite::Ignore),
            Some(other) => Err(ApiError::bad(format!(
                "overwriteMode `{other}`: it takes FailIfExists, OverwriteExisting or IgnoreIfExists."
            ))),
        }
    }
}

pub(super) async fn upload(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Query(query): Query<UploadQuery>,
    form: Upload,
) -> Result<(StatusCode, Json<Package>), ApiError> {
    check_space(&space)?;
    answer(feed::take_upload(&app, form, query.overwrite()?).await?)
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
