//! The packages of the demo, packed by `octo` as a build server would.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::octo::Octo;
use crate::programs::{Target, build};

/// The runtime identifier of this machine's Tentacle packages.
pub(super) const RID: &str = "linux-x64";

/// Builds Tentacle at a version and packs it.
pub(super) fn tentacle(
    octo: &Octo,
    folder: &Path,
    version: &str,
    what: Target<'_>,
) -> anyhow::Result<PathBuf> {
    let content = folder.join(format!("tentacle-{version}"));
    build(what, version, &content.join("tentacle"))?;
    let id = format!("Octopus.Tentacle.{RID}");
    pack(octo, &id, version, &content, &folder.join("packages"))
}

/// Packs the application.
pub(super) fn application(octo: &Octo, folder: &Path, version: &str) -> anyhow::Result<PathBuf> {
    let content = crate::programs::repository().join("xtask/assets/acme-web");
    pack(
        octo,
        "Acme.Web",
        version,
        &content,
        &folder.join("packages"),
    )
}

/// Packs a folder by `octo`, and gives the package.
pub(super) fn pack(
    octo: &Octo,
    id: &str,
    version: &str,
    content: &Path,
    to: &Path,
) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(to)?;
    let text = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .context("a path is no text")
    };
    octo.done(&[
        "package",
        "nuget",
        "create",
        "--id",
        id,
        "--version",
        version,
        "--author",
        "Acme",
        "--description",
        "A package of the demo",
        "--base-path",
        &text(content)?,
        "--out-folder",
        &text(to)?,
        "--overwrite",
    ])?;
    let package = to.join(format!("{id}.{version}.nupkg"));
    anyhow::ensure!(package.is_file(), "octo made no {}", package.display());
    Ok(package)
}
