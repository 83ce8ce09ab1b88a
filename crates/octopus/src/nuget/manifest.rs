//! Nuspecs: the one in the package's file, and what the store keeps of it.

use std::{
    fs::File,
    io::{self, BufReader, Read},
};

use nupkg::{Archive, ArchiveError, Limits, Nuspec};
use tokio::task::spawn_blocking;

use super::catalog::Entry;
use crate::{
    app::App,
    depot::DepotError,
    store::{Result, packages::Package},
};

/// A package's own file, `<id>.nuspec`, byte for byte.
pub(super) async fn original(app: &App, package: &Package) -> Result<Vec<u8>, DepotError> {
    let file = app.depot.file(&package.sha256).await?;
    let read = spawn_blocking(move || read(file));
    Ok(read.await.map_err(io::Error::other)??)
}

fn read(file: File) -> Result<Vec<u8>, ArchiveError> {
    let mut archive = Archive::open(BufReader::new(file), &Limits::default())?;
    let is_nuspec = |path: &str| !path.contains('/') && path.to_lowercase().ends_with(".nuspec");
    let entry = archive
        .entries()
        .iter()
        .find(|entry| is_nuspec(&entry.path));
    let entry = entry.cloned().ok_or(ArchiveError::NoNuspec)?;
    let mut bytes = Vec::new();
    let limit = Archive::<File>::MAX_NUSPEC_BYTES;
    archive
        .read_entry(&entry)?
        .take(limit)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Some packages with their nuspecs.
pub(super) async fn with<'a>(app: &App, entries: &'a [Entry]) -> Result<Vec<(&'a Entry, Nuspec)>> {
    let rows: Vec<i64> = entries.iter().map(|entry| entry.package.id).collect();
    let stored = app.store.nuspecs(&rows).await?;
    let pair = |entry: &'a Entry| {
        let stored = stored.get(&entry.package.id);
        let nuspec = stored.and_then(|xml| Nuspec::parse(xml).ok());
        Some((entry, nuspec.or_else(|| bare(entry))?))
    };
    Ok(entries.iter().filter_map(pair).collect())
}

/// One that says nothing but which package it is.
fn bare(entry: &Entry) -> Option<Nuspec> {
    let id = entry.package.package_id.parse().ok()?;
    Some(Nuspec::new(id, entry.version.clone()))
}

/// Reads what is missing from the files of packages that a server without nuspecs took.
/// A file that can't be read is told in the log, and its package stays bare.
pub(crate) async fn catch_up(app: &App) -> Result<()> {
    for mut package in app.store.packages_without_nuspec().await? {
        let bytes = original(app, &package).await;
        let nuspec = bytes.map_err(|error| channel::describe(&error));
        let nuspec = nuspec.and_then(|bytes| {
            Nuspec::from_bytes(&bytes).map_err(|error| channel::describe(&error))
        });
        match nuspec {
            Ok(nuspec) => {
                package.tags = nuspec.tags.join(" ");
                package.semver2 = needs_semver2(&nuspec);
                app.store.add_nuspec(&package, &nuspec.to_xml()).await?;
            }
            Err(why) => tracing::warn!(
                "{}: its authors and dependencies stay unknown: {why}",
                package.file_name
            ),
        }
    }
    Ok(())
}

/// Whether only clients that know SemVer 2 can read the version, or one of the dependencies':
/// dots in the prerelease label, or build metadata.
///
/// Source: NuGet's documentation, "Package versioning", "Semantic Versioning 2.0.0".
pub(crate) fn needs_semver2(nuspec: &Nuspec) -> bool {
    let groups = nuspec.dependency_groups.iter();
    let ranges = groups.flat_map(|group| &group.dependencies);
    let texts = ranges.map(|dependency| dependency.range.to_string());
    let bounds = texts.flat_map(|text| {
        let bounds = text.split(['[', ']', '(', ')', ',', ' ']);
        bounds.map(|bound| bound.parse().ok()).collect::<Vec<_>>()
    });
    let mut versions = bounds.flatten().chain([nuspec.version.clone()]);
    versions.any(|version: nupkg::NuGetVersion| {
        version.prerelease().contains('.') || version.metadata().is_some()
    })
}
