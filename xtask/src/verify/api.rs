//! schemathesis in full size; the tests run it in a small one.

use std::process::Command;

use anyhow::{Context, ensure};

/// Runs it on a real server.
///
/// # Errors
///
/// When it finds something.
pub(super) fn run(short: bool) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "-p", "octopus", "--test", "it", "--"])
        .args(["--nocapture", "--test-threads=1", "schemathesis::"]);
    if !short {
        command.env("OCTOPUS_API_SECONDS", "1800");
        command.env("OCTOPUS_API_EXAMPLES", "100");
    }
    let status = command.status().context("cargo can't be started")?;
    ensure!(
        status.success(),
        "schemathesis found something; its report is above"
    );
    Ok(())
}
