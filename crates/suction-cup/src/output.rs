//! What a child prints: to a bounded file, and its last lines kept at hand.

use std::collections::VecDeque;
use std::io::{self, PipeReader};
use std::process::{Command, Stdio};

use crate::rotating::RotatingLog;

/// How many of the last lines are kept.
const LINES: usize = 50;
/// A longer line is cut into several of this many bytes.
const LINE_BYTES: usize = 1_000;

/// Joins standard output and standard error of a command that is about to be started, in one
/// pipe; the command holds it open.
///
/// # Errors
/// Those of the operating system.
pub(crate) fn join(command: &mut Command) -> io::Result<PipeReader> {
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    Ok(reader)
}

/// The lines that one child printed.
#[derive(Debug)]
pub(crate) struct Lines {
    log: Option<RotatingLog>,
    last: VecDeque<String>,
    /// Of the line that has not ended yet.
    begun: Vec<u8>,
}

impl Lines {
    /// None so far. All of them go to `log`.
    pub(crate) fn new(log: Option<RotatingLog>) -> Lines {
        Lines {
            log,
            last: VecDeque::new(),
            begun: Vec::new(),
        }
    }

    /// Takes what was printed next, at any place cut.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = LINE_BYTES - self.begun.len();
            let end = bytes.iter().take(room).position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(bytes.len().min(room));
            let (line, rest) = bytes.split_at_checked(taken).unwrap_or_default();
            self.begun.extend_from_slice(line);
            bytes = rest;
            if end.is_some() {
                bytes = bytes.get(1..).unwrap_or_default();
            }
            if end.is_some() || self.begun.len() == LINE_BYTES {
                self.keep();
            }
        }
    }

    /// Nothing more comes; a last line may be without an end.
    pub(crate) fn end(&mut self) {
        if !self.begun.is_empty() {
            self.keep();
        }
    }

    /// The last lines, oldest first.
    pub(crate) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }

    fn keep(&mut self) {
        let line = self.begun.strip_suffix(b"\r").unwrap_or(&self.begun);
        if let Some(log) = &mut self.log {
            log.write(line);
        }
        if self.last.len() == LINES {
            self.last.pop_front();
        }
        let line = String::from_utf8_lossy(line).into_owned();
        self.last.push_back(line);
        self.begun.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(printed: &str, expected: &[&str]) {
        // However the bytes arrive, the lines are the same.
        for size in [1, 2, 7, 4096] {
            let mut lines = Lines::new(None);
            printed
                .as_bytes()
                .chunks(size)
                .for_each(|bytes| lines.take(bytes));
            lines.end();
            assert_eq!(lines.last(), expected, "{size} bytes at a time");
        }
    }

    #[test]
    fn lines_with_any_end_and_without_one() {
        check("", &[]);
        check("one\ntwo\n", &["one", "two"]);
        check("one\r\n\nthr\ree", &["one", "", "thr\ree"]);
    }

    #[test]
    fn bounded_in_lines_and_bytes() {
        let many: String = (0..60).map(|number| format!("{number}\n")).collect();
        let last: Vec<String> = (10..60).map(|number| number.to_string()).collect();
        let last: Vec<&str> = last.iter().map(String::as_str).collect();
        check(&many, &last);
        let long = "x".repeat(1_000);
        check(
            &format!("{long}{long}{}\nend\n", "x".repeat(500)),
            &[&long, &long, &"x".repeat(500), "end"],
        );
        // As long as a line gets: its end is seen too late, and is another line's.
        check(&format!("{long}\nend\n"), &[&long, "", "end"]);
    }
}
