//! Running the tools that make archives and packages.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::programs::{VERSION_VARIABLE, repository};

/// Runs it; its failure is an error.
pub(super) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().display().to_string();
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("{name} can't be started"))?;
    ensure!(status.success(), "{name} failed");
    Ok(())
}

/// Runs it and gives what it prints, without space at the ends; its failure is an error.
pub(super) fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{name} can't be started"))?;
    ensure!(output.status.success(), "{name} failed");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Builds programs of this workspace for this kind of machine: as they are given away, or unoptimised.
pub(super) fn cargo_build(programs: &[&str], version: &str, quick: bool) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(repository()).args(["build", "--quiet"]);
    if !quick {
        command.arg("--release");
    }
    if version != env!("CARGO_PKG_VERSION") {
        command.env(VERSION_VARIABLE, version);
    }
    for program in programs {
        command.args(["--package", program, "--bin", program]);
    }
    succeed(&mut command)
}
