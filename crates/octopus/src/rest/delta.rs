//! Uploads of what is new in a package only, as Octopus's clients offer them.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Seek},
    sync::Arc,
};

use api::Package;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use futures_util::TryStreamExt;
use nupkg::NuGetVersion;
use octodiff::DeltaError;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, task::spawn_blocking};
use tokio_util::io::ReaderStream;

use super::{
    check_space,
    packages::{UploadQuery, answer},
};
use crate::{
    app::App,
    auth::Caller,
    depot::DepotError,
    error::ApiError,
    feed::{self, PACKAGE_LIMIT, Taken, Upload, shelf::Item},
};

impl From<DeltaError> for ApiError {
    fn from(error: DeltaError) -> Self {
        match error {
            DeltaError::Io(error) => DepotError::from(error).into(),
            wrong => Self::bad(wrong.to_string()),
        }
    }
}

pub(super) fn routes() -> Router<App> {
    let uploads = Router::new()
        .route("/api/{space}/packages/{id}/{version}/delta", post(upload))
        .layer(DefaultBodyLimit::max(PACKAGE_LIMIT));
    Router::new()
        .route(
            "/api/{space}/packages/{id}/{version}/delta-signature",
            get(sign),
        )
        .merge(uploads)
}

/// Of the version that the one to be uploaded is probably most like: the one before it, or
/// else the first after it.
async fn sign(
    State(app): State<App>,
    _caller: Caller,
    Path((space, id, version)): Path<(String, String, String)>,
) -> Result<Json<Value>, ApiError> {
    check_space(&space)?;
    let wanted = parse(&version)?;
    let shelf = app.shelf().await?;
    let versions = shelf.of(&id);
    let before = versions.partition_point(|item| item.version <= wanted);
    let base = versions.get(before.saturating_sub(1));
    let base = base.ok_or_else(|| ApiError::not_found("package", &id))?;
    let file = app.depot.file(&base.package.sha256).await?;
    let signature = spawn_blocking(move || {
        let size = file.metadata()?.len();
        let mut signature = Vec::new();
        octodiff::sign(&mut BufReader::new(file), size, &mut signature)?;
        Ok(BASE64.encode(signature))
    });
    let signature = signature.await.map_err(io::Error::other).flatten();
    let signature = signature.map_err(|error| ApiError::internal(&error))?;
    Ok(Json(json!({
        "Signature": signature,
        "BaseVersion": base.package.version,
    })))
}

/// Makes a package of a version that is there and a delta, and takes it as any other.
async fn upload(
    State(app): State<App>,
    caller: Caller,
    Path((space, id, version)): Path<(String, String, String)>,
    Query(query): Query<UploadQuery>,
    mut form: Upload,
) -> Result<(StatusCode, Json<Package>), ApiError> {
    check_space(&space)?;
    let overwrite = query.overwrite()?;
    let wanted = parse(&version)?;
    let missing = || ApiError::not_found("package", &format!("{id} {version}"));
    let base = app.shelf().await?.one(&id, &wanted).cloned();
    let base: Arc<Item> = base.ok_or_else(missing)?;
    let mut field = feed::first_file(&mut form).await?;
    let name = field.file_name().map(str::to_owned);
    let (delta, _removed_at_the_end) = app.depot.new_file()?;
    let mut delta = tokio::fs::File::from_std(delta);
    while let Some(chunk) = field.try_next().await.map_err(feed::wrong_form)? {
        delta.write_all(&chunk).await.map_err(DepotError::from)?;
    }
    delta.flush().await.map_err(DepotError::from)?;
    let base = app.depot.file(&base.package.sha256).await?;
    let (made, _removed_too) = app.depot.new_file()?;
    let delta = delta.into_std().await;
    let made = spawn_blocking(move || make(base, delta, made));
    let made = made.await.map_err(io::Error::other);
    let made = made.map_err(DepotError::from)??;
    let chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(made), 256 << 10);
    let (package, taken) = feed::take(&app, name.as_deref(), chunks, overwrite).await?;
    if taken == Taken::New {
        feed::record(&app, &caller, &package, "Created", "was pushed as a delta").await?;
    }
    answer((package, taken))
}

fn make(base: File, mut delta: File, made: File) -> Result<File, DeltaError> {
    delta.rewind()?;
    let limit = u64::try_from(PACKAGE_LIMIT).unwrap_or(u64::MAX);
    let mut to = BufWriter::new(made);
    octodiff::apply(
        &mut BufReader::new(base),
        &mut BufReader::new(delta),
        limit,
        &mut to,
    )?;
    let mut made = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    made.rewind()?;
    Ok(made)
}

fn parse(version: &str) -> Result<NuGetVersion, ApiError> {
    let wrong = |error: nupkg::VersionError| ApiError::bad(format!("`{version}`: {error}"));
    version.parse().map_err(wrong)
}
