//! Suction Cup under strace, which lets calls fail until it lets go.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// strace lets go as soon as a traced thread stops.
const LETTING_GO: Duration = Duration::from_secs(20);

/// A Suction Cup that is traced. Killed when dropped; what it runs ends with it.
pub(super) struct Traced {
    child: Child,
    record: PathBuf,
}

impl Traced {
    /// `rules` are expressions of strace, such as `inject=write:error=EIO:when=3`.
    pub(super) fn start(program: &Path, home: &Path, rules: &[String]) -> anyhow::Result<Self> {
        let record = home.with_extension("strace");
        let log = fs::File::create(home.with_extension("log"))?;
        let mut command = Command::new("strace");
        // Of its own, so that the child here is Suction Cup itself; and one that a signal ends.
        command.args([
            "--daemonize",
            "--follow-forks",
            "--quiet=all",
            "--interruptible=waiting",
        ]);
        command.arg("--output").arg(&record);
        for rule in rules {
            command.arg("-e").arg(rule);
        }
        let child = command
            .arg(program)
            .args(["run", "--trial-window", "20", "--home"])
            .arg(home)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("strace can't be started")?;
        Ok(Self { child, record })
    }

    /// Fails when Suction Cup has ended.
    pub(super) fn lives(&mut self) -> anyhow::Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(ended.is_none(), "Suction Cup ended: {ended:?}");
        Ok(())
    }

    /// Ends the faults: strace lets go, and Suction Cup goes on.
    pub(super) fn let_go(&mut self) -> anyhow::Result<()> {
        let until = Instant::now() + LETTING_GO;
        while let Some(tracer) = tracer(self.child.id()) {
            // A tracer of an own process group that is looked at just now.
            let _gone = kill_process(tracer, Signal::TERM);
            ensure!(Instant::now() < until, "strace does not let go");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What strace wrote.
    pub(super) fn record(&self) -> String {
        fs::read_to_string(&self.record).unwrap_or_default()
    }

    /// Asks it to end, and waits.
    pub(super) fn stop(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        signal(self.child.id(), Signal::TERM);
        let until = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < until, "Suction Cup does not stop");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Sends a signal to a process that is not waited for yet; one that has gone is no error.
pub(super) fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(pid, signal);
    }
}

/// The process that traces this one or a thread of it.
fn tracer(id: u32) -> Option<Pid> {
    let threads = fs::read_dir(format!("/proc/{id}/task")).ok()?;
    let mut files = threads.flatten().map(|thread| thread.path().join("status"));
    files.find_map(|file| {
        let status = fs::read_to_string(file).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("TracerPid:"))?;
        Pid::from_raw(line.trim().parse().ok()?)
    })
}
