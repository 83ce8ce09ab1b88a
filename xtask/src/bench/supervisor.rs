//! Suction Cup beside the supervisors that people know, all running the same tiny program:
//! memory, wake-ups, time to restart. And how long an upgrade of Tentacle leaves its port alone.

mod contestants;
mod gap;
mod report;

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, ensure};
use rustix::process::Signal;

use self::contestants::Contestant;
use self::report::{Gap, Report, Row};
use super::figures::{median, memory, size, wake_ups};
use super::process::{Process, program, signal};
use crate::dist::agents::{self, Agent};
use crate::dist::apt;
use crate::programs::{repository, target_folder};

/// What all of them need to come to rest after the start.
const SETTLING: Duration = Duration::from_secs(5);
/// How far apart a child is killed: Suction Cup waits after five ends in 30 s.
const APART: Duration = Duration::from_secs(9);
const PATIENCE: Duration = Duration::from_secs(30);

/// `cargo xtask bench supervisor`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// One JSON object in place of the table.
    #[arg(long)]
    json: bool,
    /// Seconds in which wake-ups are counted.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    idle: u64,
    /// How often the child of each is killed.
    #[arg(long, default_value_t = 20, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(1..))]
    restarts: u32,
    /// How often Tentacle is upgraded; 0 leaves it out, and with it a long build.
    #[arg(long, default_value_t = 5, value_name = "TIMES")]
    upgrades: u32,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    apt::need(contestants::NEEDS)?;
    eprintln!("building Suction Cup (minutes the first time)");
    let suction_cup = agents::build(Agent::SuctionCup, None)?;
    let folder = target_folder()?.join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    let steady = compile_child(&folder)?;
    let contestants = contestants::all(&folder, &suction_cup, &steady)?;
    let rows = compare(&contestants, options, &folder)?;
    let gap = match options.upgrades {
        0 => Gap::LeftOut,
        times => {
            eprintln!("building Tentacle (many minutes the first time)");
            let tentacle = agents::build(Agent::Tentacle, None)?;
            Gap::Measured(gap::measure(&folder, &suction_cup, &tentacle, times)?)
        }
    };
    let report = Report {
        idle: options.idle,
        restarts: options.restarts,
        rows,
        gap,
    };
    match options.json {
        true => println!("{}", report.json()),
        false => print!("{}", report.table()),
    }
    Ok(())
}

/// The program that all of them run.
fn compile_child(folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let program = folder.join("steady");
    let status = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-Os", "-s", "-static", "-o"])
        .args([&program, &repository().join("xtask/assets/steady.c")])
        .status()
        .context("the C compiler can't be started; set CC, or install one")?;
    ensure!(status.success(), "the C compiler failed on steady.c");
    Ok(program)
}

/// Runs all of them at once, so that each has the same machine at the same time.
fn compare(
    contestants: &[Contestant],
    options: &Options,
    folder: &Path,
) -> anyhow::Result<Vec<Row>> {
    let mut running = Vec::new();
    for one in contestants {
        let log = folder.join(format!("{}.log", one.name));
        let process = Process::start(&one.command, &log, &one.child)?;
        process
            .runs_anew(None, PATIENCE)
            .with_context(|| format!("{} did not start; see {}", one.name, log.display()))?;
        running.push((one, process));
    }
    thread::sleep(SETTLING);
    let mut before = Vec::new();
    for (_, process) in &running {
        before.push(wake_ups(process.id())?);
    }
    eprintln!("counting wake-ups for {} s", options.idle);
    thread::sleep(Duration::from_secs(options.idle));
    let mut rows = Vec::new();
    for ((one, process), before) in running.iter().zip(before) {
        let id = process.id();
        let program = program(id).with_context(|| format!("{} has ended", one.name))?;
        rows.push(Row {
            name: one.name,
            memory: memory(id)?,
            wake_ups: wake_ups(id)?.saturating_sub(before),
            restart: Vec::new(),
            size: size(&program)?,
        });
    }
    for round in 1..=options.restarts {
        eprintln!("killing each child, round {round} of {}", options.restarts);
        let start = Instant::now();
        for ((one, process), row) in running.iter().zip(&mut rows) {
            let took = restart(process).with_context(|| one.name.to_owned())?;
            row.restart.push(took.as_secs_f64() * 1000.0);
        }
        if round < options.restarts {
            thread::sleep(APART.saturating_sub(start.elapsed()));
        }
    }
    Ok(rows)
}

/// From the kill to another process that runs the program.
fn restart(process: &Process) -> anyhow::Result<Duration> {
    let old = process.runs_anew(None, PATIENCE)?;
    let start = Instant::now();
    signal(old, Signal::KILL);
    process.runs_anew(Some(old), PATIENCE)?;
    Ok(start.elapsed())
}

impl Row {
    /// Milliseconds.
    fn median_restart(&self) -> Option<f64> {
        median(self.restart.clone())
    }
}
