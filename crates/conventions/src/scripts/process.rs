//! Runs one program with all that it starts: reads both outputs as they come,
//! and ends the whole tree on cancellation or when its time is over.

#[cfg(any(not(unix), test))]
mod threads;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::CancelToken;
use super::service_message::Stream;

/// How long the tree may take to end in good order before it is killed.
const TERMINATION_GRACE: Duration = Duration::from_secs(3);

/// How often cancellation and time are looked at.
const TICK: Duration = Duration::from_millis(50);

/// How long the output may stay silent, and be open, after the program's own end.
const QUIET: Duration = Duration::from_secs(2);

/// How long output is read after the program's own end at most.
const LINGER: Duration = Duration::from_secs(10);

/// How a program ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// By itself.
    Exited {
        status: ExitStatus,
        /// A process that it started lives on and holds its output open.
        left_behind: bool,
    },
    /// It was ended because its time was over.
    TimedOut,
    /// It was ended because the work was cancelled.
    Cancelled,
}

/// Why a program is to end.
#[derive(Debug, Clone, Copy)]
enum Stop {
    TimedOut,
    Cancelled,
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TimedOut => Self::TimedOut,
            Stop::Cancelled => Self::Cancelled,
        }
    }
}

/// Runs `command` to its end without input. `sink` takes the output in pieces of any length;
/// what the program wrote to standard output before it wrote to standard error comes first.
pub(super) fn run(
    mut command: Command,
    timeout: Option<Duration>,
    cancel: &CancelToken,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let watch = Watch {
        cancel,
        deadline: timeout.and_then(|timeout| Instant::now().checked_add(timeout)),
    };
    #[cfg(unix)]
    return unix::run(command, &watch, sink);
    #[cfg(not(unix))]
    return threads::run(windows::spawn(command)?, &watch, sink);
}

struct Watch<'a> {
    cancel: &'a CancelToken,
    deadline: Option<Instant>,
}

impl Watch<'_> {
    /// Whether the program is to end now.
    fn stop(&self) -> Option<Stop> {
        if self.cancel.is_cancelled() {
            Some(Stop::Cancelled)
        } else if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            Some(Stop::TimedOut)
        } else {
            None
        }
    }
}

/// Reading what comes after the program's own end.
struct Linger {
    exited_at: Instant,
    last_output: Instant,
}

impl Linger {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            exited_at: now,
            last_output: now,
        }
    }

    /// Takes note of whether output came, and tells whether to wait no longer.
    fn is_over(&mut self, output_came: bool) -> bool {
        let now = Instant::now();
        if output_came {
            self.last_output = now;
        }
        now - self.last_output >= QUIET || now - self.exited_at >= LINGER
    }
}
