//! Processes that end with the demo, however it ends.

use std::{
    fs::File,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// Longer than Suction Cup gives its child.
const GRACE: Duration = Duration::from_secs(30);

/// A running program; told to end, and if need be killed, when dropped.
pub(super) struct Process {
    child: Child,
}

impl Process {
    /// Starts a program with its output in a file. It gets a process group of its own, so
    /// that Ctrl-C reaches the demo alone, and a signal from the kernel should the demo be killed.
    pub(super) fn start(command: &Command, log: &Path) -> anyhow::Result<Self> {
        let name = command.get_program().to_owned();
        let mut wrapped = Command::new("setpriv");
        wrapped.args(["--pdeathsig", "TERM", "--"]);
        wrapped.arg(command.get_program()).args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => wrapped.env(key, value),
                None => wrapped.env_remove(key),
            };
        }
        let output = File::create(log).with_context(|| format!("{}", log.display()))?;
        let child = wrapped
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} can't be started", name.display()))?;
        Ok(Self { child })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The exit status, if the program has ended.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Tells it to end, and waits.
    pub(super) fn end(&mut self) {
        let until = Instant::now() + GRACE;
        signal(self.id(), Signal::TERM);
        while self.ended().is_none() && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
        if self.ended().is_none() {
            // It has not been waited for, so the id is still its own.
            let _gone = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.end();
        }
    }
}

/// Sends a signal to a process of the demo; one that has gone is no error.
pub(super) fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(pid, signal);
    }
}

/// Whether there is a process with this id.
pub(super) fn is_there(id: u32) -> bool {
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid).is_ok())
}
