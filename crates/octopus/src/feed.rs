//! The built-in feed: taking packages in, and handing them out.

pub(crate) mod retention;
pub(crate) mod shelf;
mod upload;

use axum::{
    extract::{
        Path, State,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
    response::Response,
};
use bytes::Bytes;
use futures_util::Stream;

pub(crate) use self::upload::Upload;

use crate::{
    app::App,
    auth::Caller,
    error::ApiError,
    lookup,
    nuget::{
        content::{self, Wanted},
        manifest,
    },
    rest::{check_space, mistakes::shown},
    store::{
        now_ms,
        packages::{self, Package},
    },
};

/// Largest package that is taken, in bytes.
pub(crate) const PACKAGE_LIMIT: usize = 8 << 30;

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

impl Overwrite {
    /// Octopus's words; empty for none.
    pub(crate) fn read(word: &str) -> Result<Self, ApiError> {
        match word {
            "" | "FailIfExists" => Ok(Self::Fail),
            "OverwriteExisting" => Ok(Self::Replace),
            "IgnoreIfExists" => Ok(Self::Ignore),
            other => Err(ApiError::bad(format!(
                "overwriteMode `{}`: it takes FailIfExists, OverwriteExisting or IgnoreIfExists.",
                shown(other)
            ))),
        }
    }
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
    name: Option<&str>,
    chunks: impl Stream<Item = Result<Bytes, E>>,
    overwrite: Overwrite,
) -> Result<(Package, Taken), ApiError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let incoming = app.depot.receive(name, chunks).await?;
    let nuspec = &incoming.nuspec;
    let version = nuspec.version.to_string();
    let new = Package {
        id: 0,
        package_id: nuspec.id.to_string(),
        title: nuspec.title.clone().unwrap_or_default(),
        description: nuspec.description.clone().unwrap_or_default(),
        file_name: format!("{}.{version}{}", nuspec.id, incoming.extension),
        version,
        sha256: incoming.sha256.clone(),
        size: i64::try_from(incoming.size).unwrap_or(i64::MAX),
        published_at: now_ms(),
        tags: nuspec.tags.join(" "),
        listed: true,
        semver2: manifest::needs_semver2(nuspec),
    };
    let xml = nuspec.to_xml();
    let known = app.store.package(&new.package_id, &new.version).await?;
    if let Some(known) = known {
        if known.sha256 == new.sha256 {
            // Heals a file that was damaged or lost.
            app.depot.keep(incoming).await?;
            return Ok((known, Taken::Known));
        }
        if overwrite == Overwrite::Ignore {
            return Ok((known, Taken::Known));
        }
        if overwrite == Overwrite::Fail {
            return Err(packages::exists_already(&new).into());
        }
    }
    let _no_sweep = app.depot.open_for_pushes().await;
    // The bytes first: a row never points at nothing.
    app.depot.keep(incoming).await?;
    let replace = overwrite == Overwrite::Replace;
    let package = app.store.put_package(&new, &xml, replace).await?;
    Ok((package, Taken::New))
}

/// Takes the first file of a multipart request, or of a NuGet client's push.
pub(crate) async fn take_upload(
    app: &App,
    caller: &Caller,
    mut form: Upload,
    overwrite: Overwrite,
) -> Result<(Package, Taken), ApiError> {
    let field = first_file(&mut form).await?;
    let name = field.file_name().map(str::to_owned);
    let (package, taken) = take(app, name.as_deref(), field, overwrite).await?;
    if taken == Taken::New {
        record(app, caller, &package, "Created", "was pushed").await?;
    }
    Ok((package, taken))
}

/// Writes down what somebody did with a package.
pub(crate) async fn record(
    app: &App,
    caller: &Caller,
    package: &Package,
    category: &'static str,
    what: &str,
) -> Result<(), ApiError> {
    let (id, version) = (&package.package_id, &package.version);
    let words = format!("The package {id} {version} {what}.");
    // The feed belongs to all spaces; its changes are told in the default one.
    let event = caller.event(1, category, &format!("packages-{id}.{version}"), words);
    app.store.record(&event).await?;
    Ok(())
}

/// NuGet clients name the part `package`, scripts `file`: the first counts, whatever its name.
pub(crate) async fn first_file(Upload(form): &mut Upload) -> Result<Field<'_>, ApiError> {
    form.next_field().await.map_err(wrong_form)?.ok_or_else(|| {
        ApiError::bad("The request holds no file: send the package as multipart/form-data.")
    })
}

/// A form that can't be read.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn wrong_form(error: MultipartError) -> ApiError {
    ApiError::bad(error.body_text())
}

/// `GET /api/{space}/packages/{id}/{version}/raw`: the archive.
pub(crate) async fn download(
    State(app): State<App>,
    _caller: Caller,
    wanted: Wanted,
    Path((space, id, version)): Path<(String, String, String)>,
) -> Result<Response, ApiError> {
    check_space(&space)?;
    let package = lookup::package(&app, Some(&id), Some(&version))
        .await?
        .map_err(|why| ApiError::new(StatusCode::NOT_FOUND, why))?;
    content::send(&app, (&package).into(), &wanted).await
}
