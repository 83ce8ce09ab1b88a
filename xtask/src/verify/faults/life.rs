//! One life: install, run, upgrade under a fault; then the fault ends, and all must be well.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::Signal;
use serde_json::Value;

use super::calls::Fault;
use super::trace::{Traced, signal};

/// The bundle's version, and the one that comes as an upgrade.
pub(super) const OLD: &str = "1.0.0";
const NEW: &str = "2.0.0";

/// How long a step may take while calls fail; after that the fault has shown what it does.
const UNDER_FAULTS: Duration = Duration::from_secs(8);
/// And how long until all is well once the faults have ended: longer than Suction Cup waits.
const AFTERWARDS: Duration = Duration::from_secs(200);
const STOPPING: Duration = Duration::from_secs(30);

/// What all lives share.
pub(super) struct Stage {
    pub(super) suction_cup: PathBuf,
    pub(super) folder: PathBuf,
}

/// A life without faults: every system call that is made.
pub(super) fn undisturbed(stage: &Stage) -> anyhow::Result<String> {
    let home = home(stage, "undisturbed")?;
    let traced = Traced::start(
        &stage.suction_cup,
        &home,
        &["trace=all".to_owned(), "decode-fds=path".to_owned()],
    )?;
    let mut life = Life {
        stage,
        home,
        traced,
    };
    life.well(&[OLD], AFTERWARDS)?;
    life.upgrade()?;
    life.well(&[NEW], AFTERWARDS)?;
    let record = life.traced.record();
    life.traced.let_go()?;
    life.end()?;
    Ok(record)
}

/// A life with a fault. Gives whether the fault was met.
pub(super) fn with(stage: &Stage, name: &str, fault: &Fault) -> anyhow::Result<bool> {
    let home = home(stage, name)?;
    let Fault {
        call,
        error,
        number,
    } = fault;
    let rules = [
        format!("trace={call}"),
        format!("inject={call}:error={error}:when={number}"),
    ];
    let traced = Traced::start(&stage.suction_cup, &home, &rules)?;
    let mut life = Life {
        stage,
        home,
        traced,
    };
    let was_good = match life.well(&[OLD], UNDER_FAULTS) {
        Ok(()) => true,
        Err(error) if life.traced.lives().is_err() => return Err(error),
        Err(_) => false,
    };
    if was_good {
        life.upgrade()?;
        if let Err(error) = life.well(&[NEW], UNDER_FAULTS)
            && life.traced.lives().is_err()
        {
            return Err(error);
        }
    }
    life.traced.let_go()?;
    // Either may run: a version whose trial failed by the fault is marked bad, and stays so.
    life.well(&[OLD, NEW], AFTERWARDS)?;
    if !was_good {
        life.upgrade()?;
        life.well(&[NEW], AFTERWARDS)?;
    }
    let met = life.traced.record().contains("(INJECTED)");
    life.end()?;
    Ok(met)
}

struct Life<'a> {
    stage: &'a Stage,
    home: PathBuf,
    traced: Traced,
}

impl Life<'_> {
    /// Waits until one of these versions runs and is good, and every other one is what it was.
    fn well(&mut self, versions: &[&str], patience: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + patience;
        loop {
            self.traced.lives()?;
            match self.look(versions) {
                Ok(()) => return Ok(()),
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn look(&self, versions: &[&str]) -> anyhow::Result<()> {
        let status = self.status()?;
        let text = |value: &Value, name: &str| {
            let text = value.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let running = text(&status, "version");
        ensure!(versions.contains(&running.as_str()), "runs: {status}");
        let pid = status
            .get("pid")
            .and_then(Value::as_u64)
            .context("no pid")?;
        let program = fs::read_link(format!("/proc/{pid}/exe")).context("the pid is of nobody")?;
        ensure!(
            program == self.program(&running),
            "{} runs",
            program.display()
        );
        let all = status.get("versions").and_then(Value::as_array);
        for one in all.into_iter().flatten() {
            let (version, standing) = (text(one, "version"), text(one, "standing"));
            let expected = if version == running || version == OLD {
                "good"
            } else {
                "bad"
            };
            ensure!(standing == expected, "{version} is {standing}: {status}");
        }
        ensure!(self.program(OLD).is_file(), "the last good version is gone");
        Ok(())
    }

    fn status(&self) -> anyhow::Result<Value> {
        let output = Command::new(&self.stage.suction_cup)
            .args(["status", "--json", "--home"])
            .arg(&self.home)
            .output()?;
        serde_json::from_slice(&output.stdout).context("status is no JSON")
    }

    fn program(&self, version: &str) -> PathBuf {
        self.home.join("versions").join(version).join("tentacle")
    }

    /// Publishes the new version as Tentacle does, and ends the running one.
    fn upgrade(&mut self) -> anyhow::Result<()> {
        let staging = self.home.join("versions/.staging-upgrade");
        fs::create_dir_all(&staging)?;
        fs::copy(
            self.stage.folder.join("content/tentacle"),
            staging.join("tentacle"),
        )?;
        fs::write(staging.join(".stamp"), "ticket-1\n")?;
        fs::rename(&staging, self.home.join("versions").join(NEW))?;
        let status = self.status()?;
        let pid = status.get("pid").and_then(Value::as_u64);
        let pid = pid.and_then(|pid| u32::try_from(pid).ok());
        signal(pid.context("nothing runs")?, Signal::KILL);
        Ok(())
    }

    /// Stops it; nothing is left running.
    fn end(mut self) -> anyhow::Result<()> {
        let status = self.traced.stop(STOPPING)?;
        ensure!(status.success(), "it stopped with {status}");
        let left = running_below(&self.home)?;
        ensure!(left.is_empty(), "processes {left:?} are left");
        Ok(fs::remove_dir_all(&self.home)?)
    }
}

/// A HOME with the bundle in it.
fn home(stage: &Stage, name: &str) -> anyhow::Result<PathBuf> {
    let home = stage.folder.join(name);
    fs::create_dir_all(home.join("bundle"))?;
    let package = format!("Octopus.Tentacle.linux-x64.{OLD}.nupkg");
    let from = stage.folder.join(&package);
    fs::copy(from, home.join("bundle").join(&package))?;
    Ok(home.canonicalize()?)
}

/// Processes whose program lies in a folder.
fn running_below(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let program = fs::read_link(entry.path().join("exe"));
        if program.is_ok_and(|program| program.starts_with(folder)) {
            ids.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(ids)
}
