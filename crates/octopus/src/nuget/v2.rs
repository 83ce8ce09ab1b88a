//! NuGet's v2 protocol: packages as OData entities in Atom, as far as clients ask.
//!
//! Source: what `nuget` 2.8 and NuGet.exe 5.8 send, and OData 2.0, "Atom Format".

mod atom;
mod filter;
mod lexer;
pub(super) mod options;
mod page;
pub(super) mod property;
mod resource;

use axum::{
    extract::{OriginalUri, Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use self::{options::Options, resource::Resource};
use super::{
    access::Client,
    address::Base,
    catalog::{self, Entry, Reach},
    content::{self, Wanted},
    publish,
    refusal::Refusal,
};
use crate::{app::App, error::ApiError};

const XML: &str = "application/xml;charset=utf-8";

/// `GET` of the source itself: which sets there are. NuGet 2.8 shows a source's credentials
/// to the lists only when they were asked for here.
pub(super) async fn service(
    _client: Client,
    base: Base,
    uri: OriginalUri,
) -> Result<Response, Refusal> {
    open_service(base, uri).await
}

/// The same for everybody, as it holds nothing of the packages: before it pushes, NuGet 2.8
/// looks here without its API key.
pub(super) async fn open_service(
    base: Base,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Refusal> {
    let root = format!("{base}{}", uri.path().trim_end_matches('/'));
    Ok(atom::answer(XML, &atom::Service { root })?)
}

/// `$metadata`.
pub(super) async fn metadata(_client: Client) -> Response {
    let kind = [(header::CONTENT_TYPE, XML)];
    (kind, include_str!("v2/metadata.xml")).into_response()
}

/// A set of packages or one of them.
pub(super) async fn packages(
    State(app): State<App>,
    _client: Client,
    base: Base,
    OriginalUri(uri): OriginalUri,
    Path(resource): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let resource = Resource::parse(&resource)?;
    let options = Options::parse(query.as_deref())?;
    let (root, _) = uri.path().rsplit_once('/').unwrap_or_default();
    let (root, own) = (format!("{base}{root}"), format!("{base}{}", uri.path()));
    let entries = find(&app, &resource, &options).await?;
    if let Resource::Package { id, version } = &resource {
        let missing = || ApiError::not_found("package", &format!("{id} {version}"));
        let entry = entries.first().ok_or_else(missing)?;
        return Ok(atom::single(&app, &root, entry)
            .await?
            .ok_or_else(missing)?);
    }
    let page = page::cut(entries, &options);
    Ok(atom::page(&app, &root, &own, page, options.counted).await?)
}

/// `…/$count`: how many there are, as plain text.
pub(super) async fn count(
    State(app): State<App>,
    _client: Client,
    Path((resource, count)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<String, Refusal> {
    if count != "$count" {
        let message = "There is nothing at this address but …/$count.";
        return Err(ApiError::new(StatusCode::NOT_FOUND, message).into());
    }
    let resource = Resource::parse(&resource)?;
    let options = Options::parse(query.as_deref())?;
    let entries = find(&app, &resource, &options).await?;
    Ok(page::wanted(entries.len(), &options).to_string())
}

/// `package/{id}/{version}`: the archive.
pub(super) async fn download(
    State(app): State<App>,
    _client: Client,
    wanted: Wanted,
    Path((id, version)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let found = publish::find_to_read(&app, &id, &version).await?;
    Ok(content::send(&app, (&found.package).into(), &wanted).await?)
}

/// What a resource holds, narrowed and ordered.
async fn find(app: &App, resource: &Resource, options: &Options) -> Result<Vec<Entry>, ApiError> {
    let shelf = app.shelf().await?;
    let mut reach = Reach {
        semver2: options.semver2,
        ..Reach::ALL
    };
    let mut entries = match resource {
        Resource::Packages => catalog::entries(shelf.all(), reach),
        Resource::Package { id, version } => {
            let wanted: Option<nupkg::NuGetVersion> = version.parse().ok();
            let mut entries = catalog::entries(shelf.of(id), Reach::ALL);
            entries.retain(|entry| Some(&entry.version) == wanted.as_ref());
            entries
        }
        Resource::FindPackagesById => {
            let id = options.text("id")?;
            let wanted = || ApiError::bad("Say which packages: FindPackagesById()?id='…'.");
            catalog::entries(shelf.of(&id.ok_or_else(wanted)?), reach)
        }
        Resource::Search => {
            reach.unlisted = false;
            reach.prerelease = options.flag("includePrerelease");
            let words = catalog::words(&options.text("searchTerm")?.unwrap_or_default());
            let mut entries = catalog::entries(shelf.all(), reach);
            entries.retain(|entry| entry.matches(&words));
            entries
        }
    };
    options.apply(&mut entries);
    Ok(entries)
}
