//! Programs for Windows 7 and later, built by Debian's compiler with the standard library along.
//!
//! The target is not Rust's usual one for Windows: programs of that one need a library that
//! Debian's Wine lacks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::dist::apt;
use crate::programs::{VERSION_VARIABLE, repository, target_folder};

/// What they are built for.
pub(crate) const TARGET: &str = "x86_64-win7-windows-gnu";
const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library";

/// Runs `cargo build` with these arguments at a version, and gives the folder in which each profile has its own.
///
/// # Errors
///
/// When something that the build needs is missing, or the build fails.
pub(crate) fn build(version: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut command = cargo("build")?;
    command.arg("--quiet").args(arguments);
    // Equal to no variable at all, but for the cache of what was built before.
    if version != env!("CARGO_PKG_VERSION") {
        command.env(VERSION_VARIABLE, version);
    }
    let status = command.status().context("cargo can't be started")?;
    ensure!(
        status.success(),
        "building for Windows failed: {arguments:?}"
    );
    folder()
}

/// A program that was built without optimisation.
///
/// # Errors
///
/// When cargo does not tell its folder.
pub(crate) fn built(name: &str) -> anyhow::Result<PathBuf> {
    Ok(folder()?.join("debug").join(name))
}

fn folder() -> anyhow::Result<PathBuf> {
    Ok(target_folder()?.join("windows").join(TARGET))
}

/// Takes what only a debugger needs out of a program.
///
/// # Errors
///
/// When there is no such program, or it can't be written.
pub(crate) fn strip(program: &Path, to: &Path) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut strip = Command::new("x86_64-w64-mingw32-strip");
    let status = strip.arg("-o").arg(to).arg(program).status();
    let status = status.context("strip can't be started")?;
    ensure!(status.success(), "{} can't be stripped", program.display());
    Ok(())
}

/// A command of cargo for this target, with nothing to read.
///
/// # Errors
///
/// When something that the build needs is missing.
pub(crate) fn cargo(command: &str) -> anyhow::Result<Command> {
    apt::need(&[
        ("/usr/bin/rustc", "rustc-web"),
        (LIBRARY, "rust-web-src"),
        ("/usr/bin/x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64"),
    ])?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(cargo);
    cargo
        .current_dir(repository())
        .env("RUSTC", "/usr/bin/rustc")
        // Building the standard library is not stable yet, and its source lies elsewhere.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", LIBRARY)
        .env("CC_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-gcc")
        .env("AR_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-ar")
        .env("CARGO_INCREMENTAL", "0")
        // Nobody debugs under Wine, and links are quicker.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env_remove("RUSTFLAGS")
        .args([command, "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .arg("--target-dir")
        .arg(target_folder()?.join("windows"))
        .stdin(Stdio::null());
    Ok(cargo)
}
