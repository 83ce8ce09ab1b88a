//! Suction Cup's own lines: to the system's log, and to a bounded file.

#[cfg(test)]
mod tests;

use std::time::SystemTime;

use layout::Home;

use crate::os;
use crate::rotating::{LOG_LIMIT, RotatingLog};
use crate::utc::{unix_seconds, utc};

/// Takes one line per change of state.
#[derive(Debug)]
pub(super) struct Journal {
    file: RotatingLog,
}

impl Journal {
    pub(super) fn new(home: &Home) -> Journal {
        Journal {
            file: RotatingLog::new(home.supervisor_log(), LOG_LIMIT),
        }
    }

    /// Writes one line, in the file with the time. The system's journal has its own.
    pub(super) fn line(&mut self, line: &str) {
        os::tell(line);
        self.keep(line);
    }

    fn keep(&mut self, line: &str) {
        let now = utc(unix_seconds(SystemTime::now()));
        self.file.write(format!("{now} {line}").as_bytes());
    }
}
