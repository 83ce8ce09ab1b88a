//! Packages of the built-in feed, as Octopus clients see them.

use api::{Package, PackageVersion, Page};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use nupkg::NuGetVersion;

use super::{call::Paging, check_space, convert};
use crate::{
    app::App,
    auth::Caller,
    error::ApiError,
    feed::{self, Overwrite, Taken, Upload},
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
    let mut packages = newest_first(convert::packages(&app).await?);
    packages.retain(|package| package.package_id.to_lowercase().contains(&part));
    if filter.latest {
        packages.dedup_by(|next, kept| next.package_id.eq_ignore_ascii_case(&kept.package_id));
    }
    Ok(Json(paging.cut("Package", packages)))
}

/// By id; within an id the newest version first.
pub(crate) fn newest_first(mut packages: Vec<Package>) -> Vec<Package> {
    packages.sort_by_cached_key(|package| {
        let version: Option<NuGetVersion> = package.version.parse().ok();
        (
            package.package_id.to_lowercase(),
            std::cmp::Reverse(version),
        )
    });
    packages
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
    let packages = newest_first(convert::packages(&app).await?);
    let versions = packages
        .into_iter()
        .filter(|package| package.package_id.eq_ignore_ascii_case(&query.package_id))
        .map(|package| PackageVersion {
            package_id: package.package_id,
            version: package.version,
            published: package.published,
            size_bytes: package.package_size_bytes,
        });
    Ok(Json(paging.cut("PackageVersion", versions.collect())))
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadQuery {
    overwrite_mode: Option<String>,
    #[serde(default)]
    replace: bool,
}

pub(super) async fn upload(
    State(app): State<App>,
    _caller: Caller,
    Path(space): Path<String>,
    Query(query): Query<UploadQuery>,
    form: Upload,
) -> Result<(StatusCode, Json<Package>), ApiError> {
    check_space(&space)?;
    let overwrite = match query.overwrite_mode.as_deref() {
        None if query.replace => Overwrite::Replace,
        None | Some("FailIfExists") => Overwrite::Fail,
        Some("OverwriteExisting") => Overwrite::Replace,
        Some("IgnoreIfExists") => Overwrite::Ignore,
        Some(other) => {
            return Err(ApiError::bad(format!(
                "overwriteMode `{other}`: it takes FailIfExists, OverwriteExisting or IgnoreIfExists."
            )));
        }
    };
    let (package, taken) = feed::take_upload(&app, form, overwrite).await?;
    let status = match taken {
        Taken::New => StatusCode::CREATED,
        Taken::Known => StatusCode::OK,
    };
    Ok((status, Json(convert::package(package))))
}
