//! Push, unlist and relist, which are the same in every protocol of NuGet.
//!
//! Source: the NuGet server protocol, "Push and Delete".

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use nupkg::NuGetVersion;

use super::{access::Client, refusal::Refusal};
use crate::{
    app::App,
    auth::Caller,
    error::ApiError,
    feed::{self, Overwrite, Upload, shelf::Item},
};

/// `?replace=true`, as Octopus takes it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Replace {
    #[serde(default)]
    replace: bool,
}

/// `PUT`: 201 when taken, 409 when the version is there with other content.
pub(super) async fn push(
    State(app): State<App>,
    Client(caller): Client,
    Query(query): Query<Replace>,
    form: Upload,
) -> Result<StatusCode, Refusal> {
    let overwrite = match query.replace {
        true => Overwrite::Replace,
        false => Overwrite::Fail,
    };
    feed::take_upload(&app, &caller, form, overwrite).await?;
    Ok(StatusCode::CREATED)
}

/// `DELETE {id}/{version}`: hides it from searches; who names the version still gets it.
pub(super) async fn unlist(
    State(app): State<App>,
    Client(caller): Client,
    Path((id, version)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    list(&app, &caller, &id, &version, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST {id}/{version}`: shows it again.
pub(super) async fn relist(
    State(app): State<App>,
    Client(caller): Client,
    Path((id, version)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    list(&app, &caller, &id, &version, true).await?;
    Ok(StatusCode::OK)
}

async fn list(
    app: &App,
    caller: &Caller,
    id: &str,
    version: &str,
    listed: bool,
) -> Result<(), ApiError> {
    let package = &find(app, id, version).await?.package;
    app.store.list_package(package.id, listed).await?;
    let what = match listed {
        true => "was listed again",
        false => "was hidden from searches",
    };
    feed::record(app, caller, package, "Modified", what).await
}

/// One version, however it is written.
async fn find(app: &App, id: &str, version: &str) -> Result<Arc<Item>, ApiError> {
    let found = app.shelf().await?.one(id, &number(id, version)?).cloned();
    checked(found).ok_or_else(|| missing(id, version))
}

/// The same to be given out, but for what other servers did to it within the last second.
pub(super) async fn find_to_read(
    app: &App,
    id: &str,
    version: &str,
) -> Result<Arc<Item>, ApiError> {
    let found = app.package(id, &number(id, version)?).await?;
    checked(found).ok_or_else(|| missing(id, version))
}

fn number(id: &str, version: &str) -> Result<NuGetVersion, ApiError> {
    version.parse().map_err(|_| missing(id, version))
}

/// The feed holds other archives too.
fn checked(item: Option<Arc<Item>>) -> Option<Arc<Item>> {
    item.filter(|item| item.package.file_name.ends_with(".nupkg"))
}

fn missing(id: &str, version: &str) -> ApiError {
    ApiError::not_found("package", &format!("{id} {version}"))
}
