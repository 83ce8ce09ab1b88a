//! Installs what the tests need, and runs all of them.

mod needs;
mod parts;

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leaves out the demo, which runs the whole loop on real programs
    #[arg(long)]
    no_demo: bool,
}

/// Runs every part, whether or not an earlier one failed.
///
/// # Errors
///
/// When a test fails, or with `CI=true` when something that tests need can't be had.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    // Asked first: the tests may build this program anew.
    let this = std::env::current_exe().context("this program does not know where it is")?;
    needs::install()?;
    let mut took = Vec::new();
    for (name, mut command) in parts::all(&this, !options.no_demo) {
        println!("== {name}");
        let start = Instant::now();
        let passed = succeeds(&mut command)?;
        took.push((name, start.elapsed().as_secs_f64(), passed));
    }
    println!();
    for (name, seconds, passed) in &took {
        let outcome = if *passed { "passed" } else { "FAILED" };
        println!("{outcome} {seconds:7.1} s  {name}");
    }
    let failed = took.iter().filter(|(.., passed)| !passed).count();
    ensure!(failed == 0, "{failed} of {} parts failed", took.len());
    Ok(())
}

/// Runs it without standard input.
fn succeeds(command: &mut Command) -> anyhow::Result<bool> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(std::process::Stdio::null())
        .status()
        .with_context(|| format!("{program} can't be started"))?;
    Ok(status.success())
}
