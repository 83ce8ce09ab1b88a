//! `PackageBaseAddress`: versions and files by id and version, in lower case.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    app::App,
    error::ApiError,
    nuget::{
        access::Client,
        catalog::{self, Reach},
        content::{self, Wanted},
        manifest, publish,
        refusal::Refusal,
    },
};

/// `{id}/index.json`: every version, hidden ones too.
pub(in crate::nuget) async fn versions(
    State(app): State<App>,
    _client: Client,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let entries = catalog::entries(app.shelf().await?.of(&id), Reach::ALL);
    if entries.is_empty() {
        return Err(ApiError::not_found("package", &id).into());
    }
    let versions = entries
        .iter()
        .map(|entry| entry.package.version.to_lowercase());
    Ok(Json(json!({ "versions": versions.collect::<Vec<_>>() })))
}

/// `{id}/{version}/{id}.{version}.nupkg` and `{id}/{version}/{id}.nuspec`.
pub(in crate::nuget) async fn file(
    State(app): State<App>,
    _client: Client,
    wanted: Wanted,
    Path((id, version, name)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let found = publish::find_to_read(&app, &id, &version).await?;
    let package = &found.package;
    let (id, version) = (
        package.package_id.to_lowercase(),
        package.version.to_lowercase(),
    );
    let name = name.to_lowercase();
    if name == format!("{id}.{version}.nupkg") {
        return Ok(content::send(&app, package.into(), &wanted).await?);
    }
    if name == format!("{id}.nuspec") {
        let bytes = manifest::original(&app, package).await;
        let bytes = bytes.map_err(|error| ApiError::internal(&error))?;
        return Ok(([(header::CONTENT_TYPE, "application/xml")], bytes).into_response());
    }
    Err(ApiError::not_found("file", &name).into())
}
