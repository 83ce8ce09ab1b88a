//! Builds the fuzz targets with instruments, and runs them: `cargo xtask fuzz`.
//!
//! The instruments are LLVM's, which every stable compiler has; the fuzzer is libFuzzer. What it
//! learns stays in `target/fuzz/corpus`; what it starts from is in `fuzz/seeds`.

mod report;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::dist::apt;
use crate::programs::repository;
use report::Outcome;

/// `cargo xtask fuzz`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only this one; else all, one after another
    target: Option<String>,
    /// Ends each after so many runs
    #[arg(long, value_name = "N", conflicts_with = "time")]
    runs: Option<u64>,
    /// Ends each after so many seconds
    #[arg(long, value_name = "S", default_value_t = 10)]
    time: u64,
}

/// Has a mistake in it, which the fuzzer must find before it is believed to find nothing.
const PLANTED: &str = "planted";

/// More memory is a finding, in MiB.
const MEMORY: u64 = 256;
/// A longer run is a finding, in seconds.
const HANG: u64 = 10;
/// Longer inputs are not made, in bytes: they find no more and take longer.
const LONGEST: u64 = 4096;

const INSTRUMENTS: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Runs them, and prints what came of each.
///
/// # Errors
///
/// When they can't be built, and when something was found.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    // The fuzzer itself is in C++.
    let needed = apt::need(&[("/usr/bin/c++", "g++")]);
    if apt::or_skip("fuzzing", needed)?.is_none() {
        return Ok(());
    }
    let top = repository();
    let targets = chosen(&top, options.target.as_deref())?;
    let programs = build(&top, &targets)?;
    if options.target.is_none() {
        find_planted(&top, &programs)?;
    }
    let mut outcomes = Vec::new();
    for target in &targets {
        println!("== fuzz {target}");
        let outcome = fuzz(&top, &programs, target, options)?;
        if let Some(finding) = &outcome.finding {
            println!("{finding}");
        }
        outcomes.push(outcome);
    }
    println!("\n{}", report::table(&outcomes));
    let found: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| outcome.finding.is_some())
        .map(|outcome| outcome.target.as_str())
        .collect();
    ensure!(found.is_empty(), "found something in {}", found.join(", "));
    Ok(())
}

/// The targets to run; each is a file in `fuzz/src/bin`.
fn chosen(top: &Path, only: Option<&str>) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for file in fs::read_dir(top.join("fuzz/src/bin"))? {
        let file = file?.path();
        all.extend(
            file.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    all.sort();
    match only {
        Some(only) => {
            ensure!(
                all.iter().any(|name| name == only),
                "there is no target {only}; there are {}",
                all.join(", ")
            );
            Ok(vec![only.to_owned()])
        }
        None => Ok(all.into_iter().filter(|name| name != PLANTED).collect()),
    }
}

/// Builds them and returns the folder that they are in.
fn build(top: &Path, targets: &[String]) -> anyhow::Result<PathBuf> {
    let host = host()?;
    let folder = top.join("target/fuzz/build");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With `--target` the instruments stay out of build scripts and macros.
    command
        .args(["build", "--quiet", "--release", "--target", &host])
        .arg("--manifest-path")
        .arg(top.join("fuzz/Cargo.toml"))
        .env("RUSTFLAGS", INSTRUMENTS)
        .env("CARGO_TARGET_DIR", &folder);
    command.args(["--features", PLANTED, "--bin", PLANTED]);
    for target in targets {
        command.args(["--bin", target]);
    }
    let status = command.stdin(Stdio::null()).status()?;
    ensure!(
        status.success(),
        "the fuzz targets can't be built; see above"
    );
    Ok(folder.join(host).join("release"))
}

/// The system that the compiler runs on.
fn host() -> anyhow::Result<String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("-vV")
        .output()
        .context("rustc can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not tell its host")
}

/// Runs the target with the mistake, from nothing.
///
/// # Errors
///
/// When it is not found.
fn find_planted(top: &Path, programs: &Path) -> anyhow::Result<()> {
    let learnt = top.join("target/fuzz/corpus").join(PLANTED);
    if learnt.is_dir() {
        fs::remove_dir_all(learnt)?;
    }
    println!("== fuzz {PLANTED}");
    let options = Options {
        target: None,
        runs: None,
        time: 60,
    };
    let outcome = fuzz(top, programs, PLANTED, &options)?;
    let found = outcome.finding.as_deref().unwrap_or_default();
    ensure!(
        found.contains("the planted mistake"),
        "the fuzzer missed the planted mistake, so it says nothing of the others"
    );
    println!("the planted mistake was found");
    Ok(())
}

fn fuzz(top: &Path, programs: &Path, target: &str, options: &Options) -> anyhow::Result<Outcome> {
    let learnt = top.join("target/fuzz/corpus").join(target);
    let findings = top.join("target/fuzz/findings");
    fs::create_dir_all(&learnt)?;
    fs::create_dir_all(&findings)?;
    let seeds = top.join("fuzz/seeds").join(target);
    let log = findings.join(format!("{target}.log"));
    let mut command = Command::new(programs.join(target));
    command
        .arg(learnt)
        .args(seeds.is_dir().then_some(seeds))
        .arg(match options.runs {
            Some(runs) => format!("-runs={runs}"),
            None => format!("-max_total_time={}", options.time),
        })
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg(format!("-timeout={HANG}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-artifact_prefix={}/{target}-", findings.display()))
        .args(["-print_final_stats=1", "-verbosity=1"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?);
    let status = command
        .status()
        .with_context(|| format!("the target {target} can't be started"))?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(Outcome::read(target, status.success(), &text))
}
