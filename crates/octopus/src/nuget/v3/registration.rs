//! `RegistrationsBaseUrl`: all versions of a package, in pages, with what clients resolve by.

use std::io::Write;

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use nupkg::Nuspec;
use serde_json::{Value, json};

use super::item::{Hive, described, published};
use crate::{
    app::App,
    error::ApiError,
    nuget::{
        access::Client,
        address::Base,
        catalog::{self, Entry, Reach},
        manifest,
        refusal::Refusal,
    },
};

/// Versions on a page.
const PAGE: usize = 64;

/// Up to so many pages come with the index.
const INLINE_PAGES: usize = 2;

/// `{id}/index.json`.
pub(in crate::nuget) async fn index<const SEMVER2: bool>(
    State(app): State<App>,
    _client: Client,
    base: Base,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let hive = Hive::new(SEMVER2);
    answer(hive, &all(&app, &base, hive, &id).await?)
}

/// `{id}/page/{first version}.json`.
pub(in crate::nuget) async fn page<const SEMVER2: bool>(
    State(app): State<App>,
    _client: Client,
    base: Base,
    Path((id, first)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let hive = Hive::new(SEMVER2);
    answer(hive, &one_page(&app, &base, hive, &id, &first).await?)
}

/// `{id}/{version}.json`.
pub(in crate::nuget) async fn leaf<const SEMVER2: bool>(
    State(app): State<App>,
    _client: Client,
    base: Base,
    Path((id, version)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let hive = Hive::new(SEMVER2);
    answer(hive, &one(&app, &base, hive, &id, &version).await?)
}

async fn all(app: &App, base: &Base, hive: Hive, id: &str) -> Result<Value, ApiError> {
    let entries = versions(app, hive, id).await?;
    let pages = entries.chunks(PAGE);
    let inline = pages.len() <= INLINE_PAGES;
    let mut items = Vec::new();
    for versions in pages {
        let content = match inline {
            true => Some(manifest::with(app, versions).await?),
            false => None,
        };
        items.push(page_of(base, hive, versions, content.as_deref()));
    }
    Ok(json!({
        "@id": hive.index(base, id),
        "@type": ["catalog:CatalogRoot", "PackageRegistration"],
        "count": items.len(),
        "items": items,
    }))
}

async fn one_page(
    app: &App,
    base: &Base,
    hive: Hive,
    id: &str,
    first: &str,
) -> Result<Value, ApiError> {
    let mut entries = versions(app, hive, id).await?;
    let at = position(&entries, first).ok_or_else(|| missing(id, first))?;
    let versions: Vec<Entry> = entries.drain(at..).take(PAGE).collect();
    let content = manifest::with(app, &versions).await?;
    Ok(page_of(base, hive, &versions, Some(&content)))
}

async fn one(
    app: &App,
    base: &Base,
    hive: Hive,
    id: &str,
    version: &str,
) -> Result<Value, ApiError> {
    let entries = versions(app, hive, id).await?;
    let at = position(&entries, version);
    let entry = at.and_then(|at| entries.get(at));
    let entry = entry.ok_or_else(|| missing(id, version))?;
    Ok(json!({
        "@id": hive.leaf(base, entry),
        "@type": ["Package", "http://schema.nuget.org/catalog#Permalink"],
        "listed": entry.package.listed,
        "packageContent": base.content(&entry.package),
        "published": published(entry),
        "registration": hive.index(base, id),
    }))
}

/// What a hive holds of a package, oldest first; never empty.
async fn versions(app: &App, hive: Hive, id: &str) -> Result<Vec<Entry>, ApiError> {
    let reach = Reach {
        semver2: hive.semver2,
        ..Reach::ALL
    };
    let entries = catalog::entries(app.shelf().await?.of(id), reach);
    match entries.is_empty() {
        true => Err(ApiError::not_found("package", id)),
        false => Ok(entries),
    }
}

/// Where a version is, named with `.json` behind it.
fn position(entries: &[Entry], file: &str) -> Option<usize> {
    let version = file.strip_suffix(".json")?.parse().ok()?;
    entries.iter().position(|entry| entry.version == version)
}

fn missing(id: &str, version: &str) -> ApiError {
    let version = version.trim_end_matches(".json");
    ApiError::not_found("package", &format!("{id} {version}"))
}

fn page_of(
    base: &Base,
    hive: Hive,
    versions: &[Entry],
    content: Option<&[(&Entry, Nuspec)]>,
) -> Value {
    let (Some(first), Some(last)) = (versions.first(), versions.last()) else {
        return Value::Null;
    };
    let mut page = json!({
        "@id": hive.page(base, first),
        "@type": "catalog:CatalogPage",
        "count": versions.len(),
        "lower": first.package.version,
        "upper": last.package.version,
        "parent": hive.index(base, &first.package.package_id),
    });
    if let (Some(content), Some(page)) = (content, page.as_object_mut()) {
        let items = content.iter();
        let items = items.map(|(entry, nuspec)| item(base, hive, entry, nuspec));
        page.insert("items".to_owned(), items.collect());
    }
    page
}

fn item(base: &Base, hive: Hive, entry: &Entry, nuspec: &Nuspec) -> Value {
    let (own, content) = (hive.leaf(base, entry), base.content(&entry.package));
    let mut catalog = described(entry, nuspec);
    let groups = nuspec.dependency_groups.iter().map(|group| {
        let dependencies = group.dependencies.iter().map(|dependency| {
            let id = dependency.id.as_str();
            let range = match dependency.range.is_any() {
                true => "(, )".to_owned(),
                false => dependency.range.to_string(),
            };
            json!({ "id": id, "range": range, "registration": hive.index(base, id) })
        });
        let dependencies: Value = dependencies.collect();
        match &group.target_framework {
            Some(framework) => {
                json!({ "targetFramework": framework, "dependencies": dependencies })
            }
            None => json!({ "dependencies": dependencies }),
        }
    });
    catalog.extend([
        ("@id".to_owned(), json!(own)),
        ("@type".to_owned(), json!("PackageDetails")),
        ("dependencyGroups".to_owned(), groups.collect()),
        ("listed".to_owned(), json!(entry.package.listed)),
        ("packageContent".to_owned(), json!(content)),
        ("published".to_owned(), json!(published(entry))),
        (
            "requireLicenseAcceptance".to_owned(),
            json!(nuspec.require_license_acceptance),
        ),
    ]);
    json!({
        "@id": own,
        "@type": "Package",
        "catalogEntry": catalog,
        "packageContent": content,
        "registration": hive.index(base, &entry.package.package_id),
    })
}

/// JSON; compressed where the protocol says that it is, whatever the request accepts.
fn answer(hive: Hive, value: &Value) -> Result<Response, Refusal> {
    if !hive.semver2 {
        return Ok(Json(value).into_response());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let bytes = encoder
        .write_all(value.to_string().as_bytes())
        .and_then(|()| encoder.finish())
        .map_err(|error| ApiError::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_ENCODING, "gzip"),
    ];
    Ok((headers, bytes).into_response())
}
