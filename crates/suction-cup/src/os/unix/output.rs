//! What a child prints, by a pipe that is read when there is something in it.

use std::io::{self, PipeReader, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use super::linux::poll;
use crate::output::{Lines, join};
use crate::rotating::RotatingLog;

/// How much is read at once.
const CHUNK: usize = 4096;
/// At most this many chunks are in a pipe.
const FULL_PIPE: usize = 1024 * 1024 / CHUNK;
/// How long an ended child's last writer may take to be gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// The output of one child.
#[derive(Debug)]
pub(crate) struct Output {
    /// None when the last writer is gone.
    pipe: Option<PipeReader>,
    /// Boxed, for a child is moved about.
    lines: Box<Lines>,
}

impl Output {
    /// Joins standard output and standard error of a command that is about to be started.
    /// Drop the command after the start: it holds the pipe open.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn of(command: &mut Command, log: Option<RotatingLog>) -> io::Result<Output> {
        let reader = join(command)?;
        Ok(Output {
            pipe: Some(reader),
            lines: Box::new(Lines::new(log)),
        })
    }

    /// Where something is to be awaited before [`read`](Self::read).
    pub(super) fn pipe(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(PipeReader::as_fd)
    }

    /// Reads what is there.
    pub(super) fn read(&mut self) {
        let Some(pipe) = &mut self.pipe else {
            return;
        };
        let mut bytes = [0; CHUNK];
        match pipe.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => {
                self.pipe = None;
                self.lines.end();
            }
            Ok(count) => self.lines.take(bytes.get(..count).unwrap_or_default()),
        }
    }

    /// The last lines, oldest first, of what was printed until now.
    pub(crate) fn last_lines(&mut self) -> Vec<String> {
        for _ in 0..FULL_PIPE {
            if !self.is_ready(Duration::ZERO) {
                break;
            }
            self.read();
        }
        self.lines.last()
    }

    /// Waits, not long, until everything that an ended child printed was read.
    pub(crate) fn finish(&mut self) {
        let until = Instant::now() + PATIENCE;
        while self.is_ready(until.saturating_duration_since(Instant::now())) {
            self.read();
        }
    }

    fn is_ready(&self, timeout: Duration) -> bool {
        self.pipe().is_some_and(|pipe| {
            let mut all = [PollFd::from_borrowed_fd(pipe, PollFlags::IN)];
            poll(&mut all, Some(timeout), None).is_ok_and(|ready| ready > 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(script: &str) -> Vec<String> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut output = Output::of(&mut command, None).unwrap();
        let mut child = command.spawn().unwrap();
        drop(command);
        while output.pipe().is_some() {
            output.read();
        }
        child.wait().unwrap();
        output.last_lines()
    }

    #[test]
    fn both_streams_in_order_and_a_last_line_without_an_end() {
        let lines = printed("echo one; echo two >&2; printf 'three\\r\\n\\n'; printf four");
        assert_eq!(lines, ["one", "two", "three", "", "four"]);
    }

    #[test]
    fn bounded_in_lines_and_bytes() {
        let lines = printed("i=0; while [ $i -lt 60 ]; do echo $i; i=$((i+1)); done");
        assert_eq!(lines.len(), 50);
        assert_eq!(lines.first().unwrap(), "10");
        let lines = printed("head -c 2500 /dev/zero | tr '\\0' x; echo; echo end");
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [1_000, 1_000, 500, 3]);
    }

    #[test]
    fn a_child_that_runs_on_does_not_hold_up_its_last_lines() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; exec sleep 60"]);
        let mut output = Output::of(&mut command, None).unwrap();
        let mut child = command.spawn().unwrap();
        drop(command);
        while output.last_lines().len() < 2 {
            std::thread::yield_now();
        }
        // Nor does one that leaves somebody behind who holds the pipe.
        let start = Instant::now();
        output.finish();
        assert!(start.elapsed() < PATIENCE * 5);
        assert_eq!(output.last_lines(), ["one", "two"]);
        child.kill().unwrap();
        child.wait().unwrap();
        output.finish();
        assert!(output.pipe().is_none());
    }
}
