//! Windows: a child and what it starts are a job, which ends with its last handle.
//!
//! The handles of the job are this process's alone: when it is killed, the system closes
//! them, and with that ends everything that it had started.

mod event_log;
mod job;
mod output;
mod service;

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io;
use std::os::windows::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use self::job::{CREATE_SUSPENDED, Job, resume};
pub(crate) use self::output::Output;
pub(crate) use self::service::{supervise, tell};
use super::Message;
use crate::machine::Exit;

/// A console of its own, which nobody sees: what Ctrl-C of ours reaches is for us alone.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;
/// A killed process can linger in a driver; nobody waits for it longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Made before any message can come: the service manager may ask for the end at once.
static MESSAGES: LazyLock<(Sender<Message>, Mutex<Option<Receiver<Message>>>)> =
    LazyLock::new(|| {
        let (sender, receiver) = channel();
        (sender, Mutex::new(Some(receiver)))
    });

/// What comes from the service manager, the console and the children. Once only.
///
/// # Errors
/// When it was taken before.
pub(crate) fn messages() -> io::Result<Messages> {
    let mut receiver = MESSAGES.1.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = || io::Error::other("the messages are read elsewhere already");
    receiver.take().map(Messages).ok_or_else(taken)
}

/// Whoever sends messages, at the other end of a channel.
#[derive(Debug)]
pub(crate) struct Messages(Receiver<Message>);

impl Messages {
    /// The next message, or `None` after `timeout`. What the child prints is read elsewhere.
    pub(crate) fn wait(
        &mut self,
        _output: Option<&mut Output>,
        timeout: Option<Duration>,
    ) -> Option<Message> {
        let message = match timeout {
            None => self.0.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(timeout) => self.0.recv_timeout(timeout),
        };
        match message {
            Err(RecvTimeoutError::Timeout) => None,
            // A sender is always there. If not: end in order.
            other => Some(other.unwrap_or(Message::Stop)),
        }
    }
}

fn send(message: Message) {
    // Nobody listens any more when it ends.
    let _ = MESSAGES.0.send(message);
}

/// This very program; its file cannot be replaced while it runs.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// A command for a program that ends with this process: by its job.
pub(crate) fn bound_to_this(program: &OsStr, arguments: &[&OsStr]) -> io::Result<Command> {
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Nothing to do: the job does it.
pub(crate) fn become_child_of(_parent: u32) {}

/// No process becomes another program here.
pub(crate) fn exec(_command: &mut Command) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

/// None: the job ended them.
pub(crate) fn end_leftovers(_nonce: &str) -> usize {
    0
}

/// A child, and whatever it started.
#[derive(Debug)]
pub(crate) struct Tree {
    id: u32,
    job: Job,
    /// The child is to end when it closes.
    stdin: RefCell<Option<ChildStdin>>,
    exit: Arc<OnceLock<Exit>>,
}

impl Tree {
    /// Starts a program in a job of its own, before which it runs no instruction.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Tree> {
        let mut child = command
            .stdin(Stdio::piped())
            .creation_flags(CREATE_SUSPENDED | CREATE_NO_WINDOW)
            .spawn()?;
        let job = Job::new().and_then(|job| {
            job.assign(&child)?;
            resume(&child)?;
            Ok(job)
        });
        let job = match job {
            Ok(job) => job,
            Err(error) => {
                // It never ran. The first error is the one to tell.
                let _ = child.kill();
                return Err(error);
            }
        };
        let tree = Tree {
            id: child.id(),
            job,
            stdin: RefCell::new(child.stdin.take()),
            exit: Arc::default(),
        };
        let exit = Arc::clone(&tree.exit);
        thread::Builder::new()
            .name("child".to_owned())
            .stack_size(64 * 1024)
            .spawn(move || {
                let how = match child.wait() {
                    Ok(status) => Exit::Code(status.code().unwrap_or_default()),
                    Err(error) => Exit::NotStarted(error.to_string()),
                };
                // It is set here alone.
                let _ = exit.set(how);
                send(Message::ChildEnded);
            })?;
        Ok(tree)
    }

    /// The child's process id.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// Asks the child to end, by the end of its standard input.
    pub(crate) fn terminate(&self) {
        drop(self.stdin.take());
    }

    /// Ends all of it.
    pub(crate) fn kill(&self) {
        self.job.terminate();
    }

    /// How the child ended, or itself while it runs. An ended child takes along
    /// everything that it left behind.
    pub(crate) fn ended(self) -> Result<Exit, Tree> {
        let Some(exit) = self.exit.get().cloned() else {
            return Err(self);
        };
        self.kill();
        let start = Instant::now();
        while self.job.processes() > 0 && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(2));
        }
        Ok(exit)
    }
}
