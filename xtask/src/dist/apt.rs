//! Debian's packages that building and measuring need, and how they get here.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

/// Installs those whose file is missing: a file that the package brings, and the package.
///
/// # Errors
///
/// When something is missing and can't be installed; says what to install by hand.
pub(crate) fn need(files: &[(&str, &str)]) -> anyhow::Result<()> {
    let missing = || -> Vec<&str> {
        let missing = files.iter().filter(|(file, _)| !Path::new(file).exists());
        missing.map(|(_, package)| *package).collect()
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    install(&packages).with_context(|| {
        let packages = packages.join(" ");
        format!("these packages of Debian are needed: {packages}; install them and try again")
    })?;
    let still = missing();
    ensure!(
        still.is_empty(),
        "{} brought not what is needed",
        still.join(" ")
    );
    Ok(())
}

/// What is needed, or nothing, said aloud, where it can't be had.
///
/// # Errors
///
/// With `CI=true`, where nothing is skipped.
pub(crate) fn or_skip<T>(what: &str, needed: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match needed {
        Err(error) if std::env::var("CI").as_deref() != Ok("true") => {
            println!("SKIPPED {what}: {error:#}");
            Ok(None)
        }
        needed => needed.map(Some),
    }
}

fn install(packages: &[&str]) -> anyhow::Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("there is no apt-get here");
    }
    if !rustix::process::geteuid().is_root() {
        bail!("only root may install packages");
    }
    eprintln!("installing {}", packages.join(" "));
    // A list that could not be renewed may still be good enough to install from.
    let _old_list = apt_get(&["update"]);
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    ensure!(apt_get(&arguments)?, "apt-get failed");
    Ok(())
}

fn apt_get(arguments: &[&str]) -> anyhow::Result<bool> {
    let status = Command::new("apt-get")
        .arg("--quiet=2")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("apt-get can't be started")?;
    Ok(status.success())
}
