//! Building the programs, at versions that differ in what they report.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context, ensure};

/// The variable by which `option_env!` in the programs' `main.rs` gets another version.
pub(crate) const VERSION_VARIABLE: &str = "OCTOPUS_BUILD_VERSION";

/// What to build.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The program of a crate with the same name.
    Program(&'a str),
    /// An example: crate and name.
    Example(&'a str, &'a str),
}

/// The repository's top folder.
pub(crate) fn repository() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Cargo's output folder.
pub(crate) fn target_folder() -> anyhow::Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    Ok(metadata.target_directory.into())
}

/// Builds and copies to `to`, because the next version is built to the same place.
pub(crate) fn build(what: Target<'_>, version: &str, to: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(repository())
        .env(VERSION_VARIABLE, version)
        .args(["build", "--quiet"])
        .stdin(Stdio::null());
    let built = target_folder()?.join("debug");
    let built = match what {
        Target::Program(name) => {
            command.args(["--package", name, "--bin", name]);
            built.join(name)
        }
        Target::Example(package, name) => {
            command.args(["--package", package, "--example", name]);
            built.join("examples").join(name)
        }
    };
    let status = command.status().context("cargo can't be started")?;
    ensure!(status.success(), "building {} failed", built.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(&built, to).with_context(|| format!("copying {}", built.display()))?;
    Ok(())
}

/// All that a program printed, its errors last.
pub(crate) fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}
