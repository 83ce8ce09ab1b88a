//! Packages of a feed: what there is, which versions, and what their authors say.

use std::sync::Arc;

use api::{FoundPackage, Links, PackageNotes, PackageVersion, Page};
use axum::Json;
use nupkg::{NuGetVersion, VersionRange};

use super::is_built_in;
use crate::{
    error::ApiError,
    feed::shelf::Item,
    rest::{
        call::{self, Call, Paging},
        convert,
        documents::find,
        mistakes::shown,
    },
};

/// Refuses feeds of others, whose packages this server does not look at.
async fn own(call: &Call) -> Result<(), ApiError> {
    if is_built_in(call.id()) {
        return Ok(());
    }
    let (_, feed) = find::<api::Feed>(call, call.id()).await?;
    Err(ApiError::bad(format!(
        "The feed {} is not the server's own; only packages of feeds-builtin are listed here.",
        feed.name
    )))
}

/// `GET …/packages/search?term=`: the newest version of each.
pub(in crate::rest) async fn search(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<FoundPackage>>, ApiError> {
    own(&call).await?;
    let term = paging.word("term").trim().to_lowercase();
    let shelf = call.app.shelf().await?;
    let found = shelf
        .newest_first()
        .filter(|item| item.package.listed && item.key.contains(&term));
    let mut found: Vec<&Arc<Item>> = found.collect();
    found.dedup_by(|next, kept| next.key == kept.key);
    let page = paging.cut("Package", found);
    Ok(Json(page.map(|item| {
        let package = &item.package;
        let id = &package.package_id;
        let versions = format!("feeds/{}/packages/versions?packageId={id}", super::BUILT_IN);
        FoundPackage {
            id: id.clone(),
            name: match package.title.as_str() {
                "" => id.clone(),
                title => title.to_owned(),
            },
            description: package.description.clone(),
            latest_version: package.version.clone(),
            links: Links::from([("Versions".to_owned(), call::link(call.space, &versions))]),
        }
    })))
}

/// `GET …/packages/versions?packageId=`, the newest first.
pub(in crate::rest) async fn versions(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<PackageVersion>>, ApiError> {
    own(&call).await?;
    let id = needed(&paging, "packageId")?;
    let range =
        match paging.word("versionrange").trim() {
            "" => None,
            text => Some(text.parse::<VersionRange>().map_err(|error| {
                ApiError::bad(format!("versionRange `{}`: {error}", shown(text)))
            })?),
        };
    let part = paging.word("filter").to_lowercase();
    let only_stable = paging
        .word("includeprerelease")
        .eq_ignore_ascii_case("false");
    let shelf = call.app.shelf().await?;
    let versions = shelf.of(id).iter().rev().filter(|item| {
        range
            .as_ref()
            .is_none_or(|range| range.contains(&item.version))
            && item.package.version.to_lowercase().contains(&part)
            && !(only_stable && item.version.is_prerelease())
    });
    let version = |item: &Arc<Item>| PackageVersion {
        package_id: item.package.package_id.clone(),
        version: item.package.version.clone(),
        published: convert::time(item.package.published_at),
        size_bytes: u64::try_from(item.package.size).unwrap_or(0),
    };
    let page = paging.cut("PackageVersion", versions.collect());
    Ok(Json(page.map(version)))
}

/// `GET …/packages/notes?packageId=&version=`
pub(in crate::rest) async fn notes(
    call: Call,
    paging: Paging,
) -> Result<Json<PackageNotes>, ApiError> {
    own(&call).await?;
    let id = needed(&paging, "packageId")?;
    let text = needed(&paging, "version")?;
    let version: NuGetVersion = text
        .parse()
        .map_err(|error| ApiError::bad(format!("version `{}`: {error}", shown(text))))?;
    let shelf = call.app.shelf().await?;
    let item = shelf
        .one(id, &version)
        .ok_or_else(|| ApiError::not_found("package", &format!("{id} {version}")))?;
    let package = &item.package;
    let nuspecs = call.app.store.nuspecs(&[package.id]).await?;
    let notes = nuspecs
        .get(&package.id)
        .and_then(|xml| nupkg::Nuspec::parse(xml).ok()?.release_notes);
    Ok(Json(PackageNotes {
        package_id: package.package_id.clone(),
        version: package.version.clone(),
        published: convert::time(package.published_at),
        notes: notes.unwrap_or_default(),
    }))
}

fn needed<'a>(paging: &'a Paging, word: &str) -> Result<&'a str, ApiError> {
    match paging.word(&word.to_lowercase()).trim() {
        "" => Err(ApiError::bad(format!(
            "{word}: the address needs it, as in ?{word}=…"
        ))),
        text => Ok(text),
    }
}
