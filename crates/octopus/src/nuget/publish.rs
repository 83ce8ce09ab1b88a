//! Push, unlist and relist, which are the same in every protocol of NuGet.
//!
//! Source: the NuGet server protocol, "Push and Delete".

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
    feed::{self, Overwrite, Upload},
    store::packages::Package,
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
    let package = find(app, id, version).await?;
    app.store.list_package(package.id, listed).await?;
    let what = match listed {
        true => "was listed again",
        false => "was hidden from searches",
    };
    feed::record(app, caller, &package, "Modified", what).await
}

/// One version, however it is written.
pub(super) async fn find(app: &App, id: &str, version: &str) -> Result<Package, ApiError> {
    let missing = || ApiError::not_found("package", &format!("{id} {version}"));
    let wanted: NuGetVersion = version.parse().map_err(|_| missing())?;
    let shelf = app.shelf().await?;
    let found = shelf.one(id, &wanted).map(|item| item.package.clone());
    let found = found.filter(|package| package.file_name.ends_with(".nupkg"));
    found.ok_or_else(missing)
}
