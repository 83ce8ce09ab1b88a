//! Unix: a child and what it starts are a process group; an end is seen before it is reaped.

mod messages;
mod output;

use std::ffi::OsStr;
use std::io::{self, Write as _, stderr};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus, kill_process_group, waitid,
};

pub(crate) use self::messages::{Messages, messages};
pub(crate) use self::output::Output;
use crate::driver::StartError;
use crate::machine::Exit;

#[cfg(target_os = "linux")]
use super::linux;

/// This very program, even after its file was replaced by an update.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe()
}

/// A command for a program that ends with this process, however that ends.
pub(crate) fn bound_to_this(program: &OsStr, arguments: &[&OsStr]) -> io::Result<Command> {
    let mut command = Command::new(own_program()?);
    command
        .args(["exec", "--parent", &std::process::id().to_string(), "--"])
        .arg(program)
        .args(arguments);
    Ok(command)
}

/// Does the work. A service is no other program here than one in a terminal.
pub(crate) fn supervise(
    work: impl FnOnce() -> Result<ExitCode, StartError>,
) -> Result<ExitCode, StartError> {
    work()
}

/// A line for the system's own log, which takes standard error.
pub(crate) fn tell(line: &str) {
    // A closed standard error must not end the supervisor.
    let _ = writeln!(stderr(), "{line}");
}

/// Ends this process when `parent` ends, at once if it has ended already.
pub(crate) fn become_child_of(parent: u32) {
    linux::die_with_parent();
    messages::unblock();
    if std::os::unix::process::parent_id() != parent {
        std::process::exit(1);
    }
}

/// Becomes another program; comes back only with the reason why it cannot.
pub(crate) fn exec(command: &mut Command) -> io::Error {
    command.exec()
}

/// Ends what is left of the run with this nonce of an earlier Suction Cup that was killed.
pub(crate) fn end_leftovers(nonce: &str) -> usize {
    linux::end_leftovers(nonce)
}

/// A child that is not reaped yet, and whatever it started.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The group has its id, which is not given away before it is reaped.
    leader: Pid,
}

impl Tree {
    /// Starts a program in a process group of its own.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Tree> {
        let child = command.process_group(0).spawn()?;
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let leader = id.ok_or_else(|| io::Error::other("the system gave no process id"))?;
        Ok(Tree { leader })
    }

    /// The child's process id.
    pub(crate) fn id(&self) -> u32 {
        self.leader.as_raw_nonzero().get().unsigned_abs()
    }

    /// Asks all of it to end.
    pub(crate) fn terminate(&self) {
        // Nobody is left to ask when this fails.
        let _ = kill_process_group(self.leader, Signal::TERM);
    }

    /// Ends all of it. What left the group is ended together with the child.
    pub(crate) fn kill(&self) {
        let _ = kill_process_group(self.leader, Signal::KILL);
    }

    /// How the child ended, or itself while it runs. An ended child takes along
    /// everything that it left behind, and is reaped last.
    pub(crate) fn ended(self) -> Result<Exit, Tree> {
        let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let exit = match waitid(WaitId::Pid(self.leader), peek) {
            Ok(Some(status)) => exit_of(&status),
            // Interrupted: there will be another message.
            Ok(None) | Err(rustix::io::Errno::INTR) => {
                linux::reap(self.leader);
                return Err(self);
            }
            // Not ours any more, which only a stranger in this process could bring about.
            Err(error) => return Ok(Exit::NotStarted(error.to_string())),
        };
        self.kill();
        linux::end_all(self.leader);
        let _ = waitid(WaitId::Pid(self.leader), WaitIdOptions::EXITED);
        Ok(exit)
    }
}

fn exit_of(status: &WaitIdStatus) -> Exit {
    match status.terminating_signal() {
        Some(signal) => Exit::Signal(signal),
        None => Exit::Code(status.exit_status().unwrap_or_default()),
    }
}
