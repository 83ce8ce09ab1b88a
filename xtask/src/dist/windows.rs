//! Tentacle for Windows: the package that upgrades it, and the installer.

use super::msi::{self, Content};
use super::tree::Tree;
use super::{Release, notices, tentacle};
use crate::windows;

const RID: &str = "win-x64";

/// Builds the agents, packs Tentacle, and makes the MSI.
pub(super) fn make(release: &Release) -> anyhow::Result<()> {
    eprintln!("building Suction Cup and Tentacle for Windows (many minutes the first time)");
    let version = release.version.as_str();
    let programs = Tree::new(&release.work.join("windows"))?;
    let suction_cup = programs.root().join("suction-cup.exe");
    let of = |name| ["--package", name, "--bin", name, "--profile"];
    let built = windows::build(
        env!("CARGO_PKG_VERSION"),
        &[&of("suction-cup")[..], &["supervisor"]].concat(),
    )?;
    windows::strip(&built.join("supervisor/suction-cup.exe"), &suction_cup)?;
    let built = windows::build(version, &[&of("tentacle")[..], &["agent"]].concat())?;
    let content = Tree::new(&release.work.join("tentacle-windows"))?;
    let program = content.root().join("Tentacle.exe");
    windows::strip(&built.join("agent/tentacle.exe"), &program)?;
    let bundle = tentacle::pack(release, RID, &content)?;
    let content = Content {
        version,
        suction_cup: &suction_cup,
        bundle: &bundle,
        notices: &notices::of(&["suction-cup", "tentacle"], windows::TARGET)?,
    };
    msi::make(&content, &release.work.join("msi"), &release.folder)?;
    Ok(())
}
