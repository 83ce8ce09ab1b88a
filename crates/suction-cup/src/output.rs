//! What a child prints: to a bounded file, and its last lines kept at hand.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, PipeReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::rotating::RotatingLog;

/// How many of the last lines are kept.
const LINES: usize = 50;
/// A longer line is cut into several of this many bytes.
const LINE_BYTES: usize = 1_000;

/// The output of one child.
#[derive(Debug)]
pub(crate) struct Output {
    tail: Arc<Mutex<VecDeque<String>>>,
    ended: Receiver<()>,
}

impl Output {
    /// Joins standard output and standard error of a command that is about to be
    /// started, and reads them in a thread of its own until the last writer is gone.
    /// Drop the command after the start: it holds the pipe open.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn of(command: &mut Command, log: Option<RotatingLog>) -> io::Result<Output> {
        let (reader, writer) = io::pipe()?;
        command
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let (sender, ended) = channel();
        let tail = Arc::new(Mutex::new(VecDeque::with_capacity(LINES)));
        let theirs = Arc::clone(&tail);
        thread::Builder::new()
            .name("output".to_owned())
            .stack_size(64 * 1024)
            .spawn(move || {
                read(reader, log, &theirs);
                // Nobody waits for it after the patience is over.
                let _ = sender.send(());
            })?;
        Ok(Output { tail, ended })
    }

    /// The last lines, oldest first.
    pub(crate) fn last_lines(&self) -> Vec<String> {
        self.tail
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// Waits, not long, until everything that an ended child printed was read.
    pub(crate) fn finish(&self) {
        let _ = self.ended.recv_timeout(Duration::from_secs(1));
    }
}

fn read(reader: PipeReader, mut log: Option<RotatingLog>, tail: &Mutex<VecDeque<String>>) {
    let mut reader = BufReader::with_capacity(4096, reader);
    let mut line = Vec::new();
    loop {
        let (taken, ends_line) = match reader.fill_buf() {
            Ok([]) => break,
            Ok(bytes) => {
                let room = LINE_BYTES - line.len();
                let end = bytes.iter().take(room).position(|byte| *byte == b'\n');
                let taken = end.unwrap_or(bytes.len().min(room));
                line.extend_from_slice(bytes.get(..taken).unwrap_or_default());
                (taken + usize::from(end.is_some()), end.is_some())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        reader.consume(taken);
        if ends_line || line.len() == LINE_BYTES {
            keep(&line, log.as_mut(), tail);
            line.clear();
        }
    }
    if !line.is_empty() {
        keep(&line, log.as_mut(), tail);
    }
}

fn keep(line: &[u8], log: Option<&mut RotatingLog>, tail: &Mutex<VecDeque<String>>) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if let Some(log) = log {
        log.write(line);
    }
    let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
    if tail.len() == LINES {
        tail.pop_front();
    }
    tail.push_back(String::from_utf8_lossy(line).into_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(script: &str) -> Vec<String> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let output = Output::of(&mut command, None).unwrap();
        let mut child = command.spawn().unwrap();
        drop(command);
        child.wait().unwrap();
        output.ended.recv().unwrap();
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
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines.first().unwrap(), "10");
        let lines = printed("head -c 2500 /dev/zero | tr '\\0' x; echo; echo end");
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [1_000, 1_000, 500, 3]);
    }
}
