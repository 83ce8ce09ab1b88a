//! Waiting for signals, for what the child prints, and for a time; all of it on the one thread.

use std::io;
use std::os::fd::AsFd as _;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags};

use super::super::Message;
use super::linux::{Code, adopt, poll};
use super::output::Output;

/// What the signals mean.
const MEANINGS: [(Message, &[Signal]); 3] = [
    (Message::ChildEnded, &[Signal::SIGCHLD]),
    (Message::Reload, &[Signal::SIGHUP]),
    (Message::Stop, &[Signal::SIGTERM, Signal::SIGINT]),
];
/// A wait of up to this is a short one.
const QUIET: Duration = Duration::from_secs(1);

/// The signals as messages.
#[derive(Debug)]
pub(crate) struct Messages {
    /// Each kind apart, so that many signals of one kind don't hold up another.
    signals: Vec<(Message, SignalFd)>,
    /// Have come, and were not handed out yet.
    come: Vec<Message>,
    /// The child printed something when it was looked at last.
    printed: bool,
    code: Option<Code>,
}

/// Turns signals into messages, and makes this process the one that orphans come to.
///
/// # Errors
/// Those of the operating system.
pub(crate) fn messages() -> io::Result<Messages> {
    adopt();
    let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
    let signals = MEANINGS.iter().map(|(message, signals)| {
        let signals: SigSet = signals.iter().copied().collect();
        // Blocked, they wait until they are read.
        signals.thread_block()?;
        Ok((*message, SignalFd::with_flags(&signals, flags)?))
    });
    Ok(Messages {
        signals: signals.collect::<io::Result<_>>()?,
        come: Vec::new(),
        printed: false,
        code: Code::of_this(),
    })
}

/// Lets the signals through again, for the program that this process becomes: it would
/// inherit that they are blocked.
pub(super) fn unblock() {
    for (_, signals) in MEANINGS {
        let signals: SigSet = signals.iter().copied().collect();
        // It cannot fail with valid signals.
        let _ = signals.thread_unblock();
    }
}

impl Messages {
    /// The next message. `None` after `timeout`, and when the child printed something, which
    /// is read here.
    pub(crate) fn wait(
        &mut self,
        output: Option<&mut Output>,
        timeout: Option<Duration>,
    ) -> Option<Message> {
        if self.come.is_empty() {
            self.look(output, timeout);
        }
        self.come.pop()
    }

    fn look(&mut self, output: Option<&mut Output>, timeout: Option<Duration>) {
        let pipe = output.as_deref().and_then(Output::pipe);
        let all = self.signals.iter().map(|(_, signals)| signals.as_fd());
        let mut all: Vec<PollFd<'_>> = all
            .chain(pipe)
            .map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN))
            .collect();
        if self.poll(&mut all, timeout).is_err() {
            // Only for want of memory, of which there may be more in a moment.
            thread::sleep(Duration::from_millis(10));
            return;
        }
        let is_ready = |one: &PollFd<'_>| !one.revents().is_empty();
        let ready: Vec<bool> = all.iter().map(is_ready).collect();
        for ((message, signals), ready) in self.signals.iter().zip(&ready) {
            if *ready && matches!(signals.read_signal(), Ok(Some(_))) {
                self.come.push(*message);
            }
        }
        self.printed = ready.get(self.signals.len()) == Some(&true);
        if self.printed
            && let Some(output) = output
        {
            output.read();
        }
    }

    /// A long wait gives back the memory of the program. A child that prints line after line
    /// is waited for a moment before, for what comes next would have to fetch it again.
    fn poll(&self, all: &mut [PollFd<'_>], timeout: Option<Duration>) -> rustix::io::Result<usize> {
        if timeout.is_some_and(|timeout| timeout <= QUIET) {
            return poll(all, timeout, None);
        }
        let mut left = timeout;
        if self.printed {
            let ready = poll(all, Some(QUIET), None)?;
            if ready > 0 {
                return Ok(ready);
            }
            left = timeout.map(|timeout| timeout.saturating_sub(QUIET));
        }
        poll(all, left, self.code.as_ref())
    }
}
