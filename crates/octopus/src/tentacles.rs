//! The Tentacle packages that this server carries: those of its own version.

use std::{collections::BTreeMap, io, path::Path};

use futures_util::stream;
use nupkg::PackageFileName;
use tokio::fs;

use crate::{
    app::App,
    feed,
    store::{Result, packages::Package},
};

/// Every Tentacle package is called so, with the runtime identifier behind it.
const PREFIX: &str = "Octopus.Tentacle.";

/// Such as `Octopus.Tentacle.linux-x64`.
pub fn package_id(rid: &str) -> String {
    format!("{PREFIX}{rid}")
}

/// Whether a package is one.
pub(crate) fn is_tentacle(package_id: &str) -> bool {
    let start = package_id.get(..PREFIX.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Takes the packages of a folder into the feed; returns how many fit this version.
///
/// A package of another version, or a damaged one, is left out with a warning: the server
/// serves without it.
pub async fn import(app: &App, folder: &Path) -> io::Result<usize> {
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut count = 0;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(file_name) = PackageFileName::parse(&name) else {
            continue;
        };
        if !name.starts_with(PREFIX) || file_name.version != app.version {
            tracing::warn!(
                "{name} is no Tentacle package of version {}; left out",
                app.version
            );
            continue;
        }
        let bytes = fs::read(entry.path()).await?;
        let chunks = stream::iter([io::Result::Ok(bytes.into())]);
        match feed::take(app, Some(&name), chunks, feed::Overwrite::Replace).await {
            Ok(_) => count += 1,
            Err(error) => tracing::warn!("{name} is left out: {}", error.message),
        }
    }
    Ok(count)
}

/// The packages of this version: runtime identifier → package.
pub async fn carried(app: &App) -> Result<BTreeMap<String, Package>> {
    let version = app.version.to_string();
    let shelf = app.shelf().await?;
    let all = shelf.beginning(PREFIX).iter().map(|item| &item.package);
    let own = all.filter(|package| package.version == version);
    Ok(own
        .filter_map(|package| {
            let rid = package.package_id.strip_prefix(PREFIX)?.to_owned();
            Some((rid, package.clone()))
        })
        .collect())
}
