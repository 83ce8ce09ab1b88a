//! What scripts start, and how a test lets them go on.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process};

use crate::bench::PATIENCE;

/// A script waits at it until the test opens it, or is over.
pub(crate) struct Gate {
    path: PathBuf,
    pipe: File,
}

impl Gate {
    pub(crate) fn new(folder: &Path) -> Self {
        let path = folder.join("gate");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        // Opened for both, so that neither side waits for the other one to open it.
        let pipe = File::options().read(true).write(true).open(&path).unwrap();
        Self { path, pipe }
    }

    /// The line of a script that waits.
    pub(crate) fn wait(&self) -> String {
        format!("read -r _ <'{}'\n", self.path.display())
    }

    /// Lets one script go on.
    pub(crate) fn open(&mut self) {
        self.pipe.write_all(b"go\n").unwrap();
    }
}

/// A process that a script told of; killed with the test if it is still there.
pub(crate) struct Told(Pid);

impl Told {
    /// From a line such as `pid 123`.
    pub(crate) fn by(line: &str) -> Self {
        let id = line.split_whitespace().last().unwrap();
        let told = Self(Pid::from_raw(id.parse().unwrap()).unwrap());
        assert!(told.is_alive(), "{line}");
        told
    }

    pub(crate) fn is_alive(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        let state = stat.rsplit_once(") ");
        // A zombie is gone, and has yet to be reaped.
        state.is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
    }

    /// Waits until it is gone.
    pub(crate) fn is_gone(&self) {
        until("the process is gone", || (!self.is_alive()).then_some(()));
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if self.is_alive() {
            let _ = kill_process(self.0, Signal::KILL);
        }
    }
}

/// Waits for something to be so, by looking again and again.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
