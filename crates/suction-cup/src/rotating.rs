//! Log files that cannot fill a disk.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

/// A log file of at most `limit` bytes, and the one before it as the same name with `.1`.
///
/// What cannot be written is dropped: a full disk must not keep a child from running.
#[derive(Debug)]
pub(crate) struct RotatingLog {
    path: PathBuf,
    limit: u64,
    open: Option<(File, u64)>,
}

/// How large the log files get.
pub(crate) const LOG_LIMIT: u64 = 1024 * 1024;

impl RotatingLog {
    pub(crate) fn new(path: PathBuf, limit: u64) -> RotatingLog {
        RotatingLog {
            path,
            limit,
            open: None,
        }
    }

    /// Appends one line.
    pub(crate) fn write(&mut self, line: &[u8]) {
        let bytes = [line, b"\n"].concat();
        let length = bytes.len() as u64;
        self.open();
        if self
            .open
            .as_ref()
            .is_some_and(|(_, size)| *size > 0 && size + length > self.limit)
        {
            self.rotate();
            self.open();
        }
        if let Some((file, size)) = &mut self.open {
            match file.write_all(&bytes) {
                Ok(()) => *size += length,
                Err(_) => self.open = None,
            }
        }
    }

    fn open(&mut self) {
        if self.open.is_none() {
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.path);
            self.open = file.ok().map(|file| {
                let size = file.metadata().map_or(0, |data| data.len());
                (file, size)
            });
        }
    }

    fn rotate(&mut self) {
        self.open = None;
        let mut old = self.path.clone().into_os_string();
        old.push(".1");
        if fs::rename(&self.path, old).is_err() {
            // Not beyond the limit, whatever is in the way of the older lines.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_bounded_and_continued_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tentacle.log");
        for line in ["one", "two", "three", "four", "five"] {
            // As many writers as lines: each finds what the last one left.
            let mut log = RotatingLog::new(path.clone(), 10);
            log.write(line.as_bytes());
        }
        let mut log = RotatingLog::new(path.clone(), 10);
        log.write(b"six");
        log.write(b"seven");
        assert_eq!(fs::read_to_string(&path).unwrap(), "six\nseven\n");
        assert_eq!(
            fs::read_to_string(folder.path().join("tentacle.log.1")).unwrap(),
            "four\nfive\n"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_loses_lines_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log/tentacle.log");
        let mut log = RotatingLog::new(path.clone(), 100);
        log.write(b"lost");
        fs::create_dir(folder.path().join("log")).unwrap();
        log.write(b"kept");
        assert_eq!(fs::read_to_string(path).unwrap(), "kept\n");
    }
}
