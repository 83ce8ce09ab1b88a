//! What a child prints, read by a thread of its own.

use std::io::{self, PipeReader, Read as _};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::output::{Lines, join};
use crate::rotating::RotatingLog;

/// How long an ended child's last writer may take to be gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// The output of one child.
#[derive(Debug)]
pub(crate) struct Output {
    lines: Arc<Mutex<Lines>>,
    ended: Receiver<()>,
}

impl Output {
    /// Joins standard output and standard error of a command that is about to be
    /// started, and reads them until the last writer is gone.
    /// Drop the command after the start: it holds the pipe open.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn of(command: &mut Command, log: Option<RotatingLog>) -> io::Result<Output> {
        let reader = join(command)?;
        let (sender, ended) = channel();
        let lines = Arc::new(Mutex::new(Lines::new(log)));
        let theirs = Arc::clone(&lines);
        thread::Builder::new()
            .name("output".to_owned())
            .stack_size(64 * 1024)
            .spawn(move || {
                read(reader, &theirs);
                // Nobody waits for it after the patience is over.
                let _ = sender.send(());
            })?;
        Ok(Output { lines, ended })
    }

    /// The last lines, oldest first.
    pub(crate) fn last_lines(&mut self) -> Vec<String> {
        locked(&self.lines).last()
    }

    /// Waits, not long, until everything that an ended child printed was read.
    pub(crate) fn finish(&mut self) {
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

fn read(mut reader: PipeReader, lines: &Mutex<Lines>) {
    let mut bytes = [0; 4096];
    loop {
        match reader.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => break locked(lines).end(),
            Ok(count) => locked(lines).take(bytes.get(..count).unwrap_or_default()),
        }
    }
}

fn locked(lines: &Mutex<Lines>) -> MutexGuard<'_, Lines> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}
