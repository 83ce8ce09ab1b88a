//! Installing and configuring, beside `unzip` and the goals: `cargo xtask bench conventions`.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::dist::apt;
use crate::programs::repository;

/// `cargo xtask bench conventions`
#[derive(clap::Args)]
pub(super) struct Options {
    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Builds `crates/conventions/benches/figures` as Tentacle is built for machines, and runs it.
pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    apt::need(&[("/usr/bin/unzip", "unzip")])?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(repository())
        .args(["bench", "--quiet", "--profile", "agent"])
        .args(["--package", "conventions", "--bench", "figures"])
        .stdin(Stdio::null());
    if options.json {
        command.args(["--", "--json"]);
    }
    let status = command.status().context("cargo can't be started")?;
    ensure!(status.success(), "the measurement failed; see above");
    Ok(())
}
