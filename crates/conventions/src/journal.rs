//! What was installed here: one line of JSON for each deployment, appended and never changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One deployment that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The work that it was.
    pub ticket: String,
    /// When it ended.
    pub time: Timestamp,
    /// NuGet package id.
    pub package: String,
    /// NuGet version.
    pub version: String,
    /// Name of the environment.
    pub environment: String,
    /// Of which line of deployments it is one: project and step, where the request names them.
    #[serde(default)]
    pub policy: String,
    /// Whether all conventions succeeded.
    pub success: bool,
    /// The package's own folder; `None` where it failed before there was one.
    #[serde(default)]
    pub installed_to: Option<PathBuf>,
    /// The custom installation directory, if there is one.
    #[serde(default)]
    pub custom_directory: Option<PathBuf>,
    /// The folder of the last successful deployment of the same line before it.
    #[serde(default)]
    pub previous: Option<PathBuf>,
}

impl Entry {
    /// Whether both belong to the same line of deployments: environment, policy and package.
    pub fn is_in_line_with(&self, other: &Entry) -> bool {
        self.environment.eq_ignore_ascii_case(&other.environment)
            && self.policy == other.policy
            && self.package.eq_ignore_ascii_case(&other.package)
    }
}

/// The journal's file.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
}

/// Deployments end at any time, also two at once.
static APPENDING: Mutex<()> = Mutex::new(());

impl Journal {
    /// The journal at this path; it need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All entries, oldest first, and the number of lines that could not be read:
    /// a loss of power may tear a line, and says nothing about the others.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self) -> io::Result<(Vec<Entry>, usize)> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
        let mut entries = Vec::new();
        let mut unreadable = 0;
        for line in bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
        {
            match serde_json::from_slice(line) {
                Ok(entry) => entries.push(entry),
                Err(_) => unreadable += 1,
            }
        }
        Ok((entries, unreadable))
    }

    /// Appends an entry; it is on the disk when this returns.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let _one_at_a_time = APPENDING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&self.path)?;
        if is_torn(&mut file)? {
            line.insert(0, b'\n');
        }
        file.write_all(&line)?;
        file.sync_all()
    }
}

/// Whether the last line has no end.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(ticket: &str) -> Entry {
        Entry {
            ticket: ticket.to_owned(),
            time: "2026-11-23T10:00:00Z".parse().unwrap(),
            package: "Acme.Web".to_owned(),
            version: "1.2.0".to_owned(),
            environment: "Prod".to_owned(),
            policy: "Web/Deploy".to_owned(),
            success: true,
            installed_to: Some("/a/1.2.0".into()),
            custom_directory: None,
            previous: None,
        }
    }

    #[test]
    fn entries_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path().join("journal"));
        assert_eq!(journal.read().unwrap(), (Vec::new(), 0));
        journal.append(&entry("a")).unwrap();
        journal.append(&entry("b")).unwrap();
        assert_eq!(journal.read().unwrap(), (vec![entry("a"), entry("b")], 0));
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::new(&path);
        journal.append(&entry("a")).unwrap();
        let whole = fs::read(&path).unwrap();
        for length in whole.len() + 1..2 * whole.len() - 1 {
            let mut torn = [whole.as_slice(), whole.as_slice()].concat();
            torn.truncate(length);
            fs::write(&path, torn).unwrap();
            assert_eq!(
                journal.read().unwrap(),
                (vec![entry("a")], 1),
                "cut at {length}"
            );
            journal.append(&entry("c")).unwrap();
            assert_eq!(
                journal.read().unwrap(),
                (vec![entry("a"), entry("c")], 1),
                "cut at {length}"
            );
        }
    }

    #[test]
    fn a_line_of_the_first_version_can_be_read() {
        let line = r#"{"ticket":"t","time":"2026-11-23T10:00:00Z","package":"A","version":"1.0","environment":"P","success":false,"later":1}"#;
        let entry: Entry = serde_json::from_str(line).unwrap();
        assert!(!entry.success);
        assert_eq!(entry.installed_to, None);
    }
}
