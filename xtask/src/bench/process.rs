//! Processes that a bench starts and ends, and what the kernel says about them.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

/// How long a process may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(25);

/// A running program, told to end when dropped; and with it, should it leave it behind,
/// what it ran.
pub(super) struct Process {
    child: Child,
    /// What it runs.
    runs: PathBuf,
}

impl Process {
    /// Starts a program. Its output goes to a file. `runs` is the program that it will run.
    pub(super) fn start(command: &Command, log: &Path, runs: &Path) -> anyhow::Result<Self> {
        let output = fs::File::create(log).with_context(|| format!("{}", log.display()))?;
        // Ends with this process, however that ends.
        let mut wrapped = Command::new("setpriv");
        wrapped.args(["--pdeathsig", "TERM", "--"]);
        wrapped.arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            wrapped.current_dir(folder);
        }
        let child = wrapped
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("setpriv can't be started; install Debian's package util-linux")?;
        let runs = runs.canonicalize()?;
        Ok(Self { child, runs })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child that runs the program by now, if there is one.
    pub(super) fn running(&self) -> Option<u32> {
        self.running_of(&self.runs)
    }

    /// The child that runs this program by now, if there is one.
    pub(super) fn running_of(&self, runs: &Path) -> Option<u32> {
        let ids = children(self.id());
        ids.into_iter()
            .find(|id| program(*id).as_deref() == Some(runs))
    }

    /// Waits until the program runs in a process that is not `old`; gives its id.
    pub(super) fn runs_anew(&self, old: Option<u32>, patience: Duration) -> anyhow::Result<u32> {
        let until = Instant::now() + patience;
        loop {
            match self.running() {
                Some(id) if Some(id) != old => return Ok(id),
                _ => ensure!(
                    Instant::now() < until,
                    "process {} does not run {}",
                    self.id(),
                    self.runs.display()
                ),
            }
            // Short beside what is measured, and it leaves the processor to others.
            thread::sleep(Duration::from_micros(50));
        }
    }

    fn end(&mut self) {
        let left = self.running();
        signal(self.id(), Signal::TERM);
        let until = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
        // Both fail when it has ended already.
        let _gone = self.child.kill();
        let _status = self.child.wait();
        if let Some(left) = left {
            self.end_left(left);
        }
    }

    /// Some supervisors leave what they run behind. The handle is of the process that is
    /// looked at, whatever becomes of its id.
    fn end_left(&self, id: u32) {
        let handle = pid(id).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        if let Some(handle) = handle
            && program(id).as_ref() == Some(&self.runs)
        {
            let _gone = pidfd_send_signal(handle, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends a signal to a process that is not waited for yet; one that has gone is no error.
pub(super) fn signal(id: u32, signal: Signal) {
    if let Some(pid) = pid(id) {
        let _gone = kill_process(pid, signal);
    }
}

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

/// The file that a process runs.
pub(super) fn program(id: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{id}/exe")).ok()
}

/// The processes that the threads of a process started.
fn children(id: u32) -> Vec<u32> {
    let lists = threads(id)
        .into_iter()
        .map(|thread| thread.join("children"));
    let lists = lists.filter_map(|file| fs::read_to_string(file).ok());
    lists.flat_map(|list| numbers(&list)).collect()
}

fn numbers(list: &str) -> Vec<u32> {
    list.split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// The kernel's folder of each thread.
pub(super) fn threads(id: u32) -> Vec<PathBuf> {
    let entries = fs::read_dir(format!("/proc/{id}/task"))
        .into_iter()
        .flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}
