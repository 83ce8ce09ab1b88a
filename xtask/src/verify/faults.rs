//! Every system call of the shipped Suction Cup fails, one after the other, through install, run and upgrade:
//! it never ends, never loses the last good version, and is well again when the faults end.

mod calls;
mod life;
mod trace;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::{env, thread};

use anyhow::{Context, bail, ensure};

use self::calls::Fault;
use self::life::Stage;
use crate::dist::agents::{self, Agent};
use crate::dist::apt;
use crate::programs::{self, repository, target_folder};

/// Lives at a time. Most of them wait: Suction Cup tries again after a minute.
const AT_A_TIME: usize = 16;
/// How many turns of each call the short form lets fail.
const SHORT: u32 = 1;

/// Tries every fault, or with `short` those of the first turn of each call, or of these only some.
pub(super) fn run(short: bool, only: Option<&str>) -> anyhow::Result<()> {
    let built = apt::need(&[("/usr/bin/strace", "strace")])
        .and_then(|()| agents::build(Agent::SuctionCup, None));
    let Some(suction_cup) = apt::or_skip("errors at every system call", built)? else {
        return Ok(());
    };
    let stage = Stage {
        suction_cup,
        folder: target_folder()?.join("faults"),
    };
    if stage.folder.exists() {
        fs::remove_dir_all(&stage.folder)?;
    }
    fs::create_dir_all(&stage.folder)?;
    prepare(&stage.folder)?;
    let record = life::undisturbed(&stage).context("without any fault")?;
    let seen = calls::count(&record);
    let pipes = calls::closed_pipes(&record);
    let all = calls::faults(&seen, &pipes, u32::MAX);
    let count = all.len();
    let mut faults = if short {
        calls::faults(&seen, &pipes, SHORT)
    } else {
        all
    };
    if let Some(words) = only {
        faults.retain(|fault| fault.to_string().contains(words));
    }
    caught(&stage)?;
    println!("faults: {} of {count}", faults.len());
    try_all(&stage, faults)
}

/// The same life with a supervisor that a fault ends: it must not pass.
fn caught(stage: &Stage) -> anyhow::Result<()> {
    let planted = Fault {
        call: "write".to_owned(),
        error: "EIO:signal=KILL",
        number: 3,
    };
    let Err(error) = life::with(stage, "planted", &planted) else {
        bail!("a supervisor that ends by a fault was not caught");
    };
    let text = format!("{error:#}");
    ensure!(text.contains("Suction Cup ended"), "{text}");
    println!("faults: a planted mistake is caught ({text})");
    Ok(())
}

fn try_all(stage: &Stage, faults: Vec<Fault>) -> anyhow::Result<()> {
    let total = faults.len();
    let queue = Mutex::new(faults.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().ok().and_then(|mut queue| queue.next());
                    let Some((number, fault)) = next else { return };
                    let outcome = life::with(stage, &number.to_string(), &fault);
                    if let Ok(mut results) = results.lock() {
                        results.push((fault, outcome));
                    }
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_default();
    ensure!(results.len() == total, "some faults were not tried");
    let (mut met, mut failed) = (0, 0);
    for (fault, outcome) in &results {
        match outcome {
            Ok(true) => met += 1,
            Ok(false) => {}
            Err(error) => {
                failed += 1;
                println!("faults: FAILED {fault}: {error:#}");
            }
        }
    }
    println!(
        "faults: {met} met, {} not met in their life",
        total - met - failed
    );
    ensure!(failed == 0, "{failed} of {total} faults are not survived");
    ensure!(met > 0, "no fault was met: strace injects nothing here");
    Ok(())
}

/// A program that stands for Tentacle, and a package of it.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    let content = folder.join("content");
    fs::create_dir_all(&content)?;
    let program = content.join("tentacle");
    let status = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-Os", "-s", "-static", "-o"])
        .args([&program, &repository().join("xtask/assets/steady.c")])
        .status()
        .context("the C compiler can't be started; set CC, or install one")?;
    ensure!(status.success(), "the C compiler failed on steady.c");
    let octo: PathBuf = folder.join("octo");
    let version = env!("CARGO_PKG_VERSION");
    programs::build(programs::Target::Program("octo"), version, &octo)?;
    let output = Command::new(octo)
        .args(["package", "nuget", "create", "--overwrite"])
        .args(["--id", "Octopus.Tentacle.linux-x64", "--version", life::OLD])
        .args(["--author", "a", "--description", "d"])
        .arg("--base-path")
        .arg(content)
        .arg("--out-folder")
        .arg(folder)
        .output()?;
    ensure!(output.status.success(), "{output:?}");
    Ok(())
}
