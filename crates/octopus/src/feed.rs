//! The built-in feed: taking packages in, and handing them out.

use axum::{
    body::Body,
    extract::{Multipart, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::Stream;
use tokio_util::io::ReaderStream;

use crate::{
    app::App,
    auth::Caller,
    error::ApiError,
    lookup,
    rest::check_space,
    store::{
        now_ms,
        packages::{self, Package},
    },
};

/// What to do with a version that the feed has already, with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Refuse.
    Fail,
    /// Put the new content in its place.
    Replace,
    /// Keep the old content and say nothing.
    Ignore,
}

/// What became of a pushed package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was new, or replaced another content.
    New,
    /// The feed had this version already.
    Known,
}

/// Receives a package, checks it, and adds it to the feed. Packages are immutable: other
/// content under a known version is a conflict, unless that is asked for.
pub async fn take<E>(
    app: &App,
    chunks: impl Stream<Item = Result<Bytes, E>>,
    overwrite: Overwrite,
) -> Result<(Package, Taken), ApiError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let incoming = app.depot.receive(chunks).await?;
    let nuspec = &incoming.nuspec;
    let version = nuspec.version.to_string();
    let new = Package {
        id: 0,
        package_id: nuspec.id.to_string(),
        title: nuspec.title.clone().unwrap_or_default(),
        description: nuspec.description.clone().unwrap_or_default(),
        file_name: format!("{}.{version}.nupkg", nuspec.id),
        version,
        sha256: incoming.sha256.clone(),
        size: i64::try_from(incoming.size).unwrap_or(i64::MAX),
        published_at: now_ms(),
    };
    let known = app.store.package(&new.package_id, &new.version).await?;
    if let Some(known) = known {
        if known.sha256 == new.sha256 || overwrite == Overwrite::Ignore {
            return Ok((known, Taken::Known));
        }
        if overwrite == Overwrite::Fail {
            return Err(packages::exists_already(&new).into());
        }
    }
    // The bytes first: a row never points at nothing.
    app.depot.keep(incoming)?;
    let replace = overwrite == Overwrite::Replace;
    let package = app.store.put_package(&new, replace).await?;
    Ok((package, Taken::New))
}

/// Takes the first file of a multipart request, or of a NuGet client's push.
pub(crate) async fn take_upload(
    app: &App,
    mut form: Multipart,
    overwrite: Overwrite,
) -> Result<(Package, Taken), ApiError> {
    let wrong = |error: axum::extract::multipart::MultipartError| ApiError::bad(error.body_text());
    // NuGet clients name the part `package`, scripts `file`: the first counts, whatever its name.
    let field = form.next_field().await.map_err(wrong)?.ok_or_else(|| {
        ApiError::bad("The request holds no file: send the package as multipart/form-data.")
    })?;
    take(app, field, overwrite).await
}

/// `PUT|POST /nuget/packages`: the push of NuGet clients.
///
/// Source: the NuGet server protocol, "Push and Delete": 201 when taken, 409 when it exists.
pub async fn push(
    State(app): State<App>,
    _caller: Caller,
    Query(query): Query<PushQuery>,
    form: Multipart,
) -> Result<StatusCode, ApiError> {
    let overwrite = match query.replace {
        true => Overwrite::Replace,
        false => Overwrite::Fail,
    };
    take_upload(&app, form, overwrite).await?;
    Ok(StatusCode::CREATED)
}

/// `?replace=true`, as Octopus takes it.
#[derive(Debug, serde::Deserialize)]
pub struct PushQuery {
    #[serde(default)]
    replace: bool,
}

/// `GET /nuget/packages`: NuGet clients look whether the source is there before they push.
pub async fn source() -> &'static str {
    "Push packages here: nuget push PACKAGE -Source THIS-ADDRESS -ApiKey API-…\n"
}

/// `GET /api/{space}/packages/{id}/{version}/raw`: the archive.
pub async fn download(
    State(app): State<App>,
    _caller: Caller,
    Path((space, id, version)): Path<(String, String, String)>,
) -> Result<Response, ApiError> {
    check_space(&space)?;
    let package = lookup::package(&app.store, Some(&id), Some(&version))
        .await?
        .map_err(|why| ApiError::new(StatusCode::NOT_FOUND, why))?;
    let file = tokio::fs::File::open(app.depot.path(&package.sha256))
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let disposition = format!("attachment; filename=\"{}\"", package.file_name);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, package.size.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::ETAG, format!("\"{}\"", package.sha256)),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
