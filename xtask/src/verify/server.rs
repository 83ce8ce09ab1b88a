//! The server's proofs in full size; the tests run the same ones in a small size.

use std::process::Command;

use anyhow::{Context, ensure};

/// What the tests read, and its full size.
const SIZES: [(&str, &str); 3] = [
    ("OCTOPUS_DEPLOYMENTS", "1000"),
    ("OCTOPUS_KILLS", "100"),
    ("OCTOPUS_LINES", "1000000"),
];

/// Runs them; `OCTOPUS_SEED` repeats the moments of an earlier run's kills.
///
/// # Errors
///
/// When one fails.
pub(super) fn run(short: bool) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "-p", "octopus", "--test", "it", "--"])
        .args(["--nocapture", "--test-threads=1", "kills::", "many_lines"]);
    if !short {
        command.envs(SIZES);
    }
    let status = command.status().context("cargo can't be started")?;
    ensure!(
        status.success(),
        "the server did not pass; repeat it with the OCTOPUS_SEED shown above"
    );
    Ok(())
}
