//! The ledger: what became of each version.

mod text;

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::PathBuf;

use nupkg::NuGetVersion;

use crate::durable::replace_file;
use crate::home::{Home, Installed};
use crate::stamp::Stamp;

pub use text::ParseError;

/// Why a version was marked bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BadReason {
    /// It did not get its marker in time: its server never confirmed it.
    Unconfirmed,
    /// Its own self-check failed.
    Unhealthy,
    /// It ended again and again.
    Crashed,
}

impl BadReason {
    /// The word in the ledger and in the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            BadReason::Unconfirmed => "unconfirmed",
            BadReason::Unhealthy => "unhealthy",
            BadReason::Crashed => "crashed",
        }
    }
}

/// What is known of an install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never seen good.
    Trial,
    /// Confirmed once; stays good.
    Good,
    /// Not to be started again by itself.
    Bad {
        /// The kind of failure.
        reason: BadReason,
        /// One sentence, such as `ended 5 times in 0.4 s, last with exit code 1`.
        detail: String,
    },
}

impl Standing {
    /// Bad, with the detail made one line.
    pub fn bad(reason: BadReason, detail: &str) -> Standing {
        let words: Vec<&str> = detail
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        Standing::Bad {
            reason,
            detail: words.join(" "),
        }
    }

    /// The word in the ledger: `trial`, `good` or `bad`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Standing::Trial => "trial",
            Standing::Good => "good",
            Standing::Bad { .. } => "bad",
        }
    }
}

/// What the ledger says of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The install that it is about.
    pub stamp: Stamp,
    /// What became of it.
    pub standing: Standing,
}

/// All entries, one per version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Oldest first. A handful, for which a map would only be larger code.
    entries: Vec<(NuGetVersion, Entry)>,
}

/// A ledger that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file is there and cannot be read.
    #[error("the ledger {path} cannot be read: check its permissions and the disk")]
    Unreadable {
        /// The ledger's path.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// Its content is not a ledger, or not one of this form.
    #[error("the ledger {path} cannot be used")]
    Unusable {
        /// The ledger's path.
        path: PathBuf,
        /// Damaged, or from the future.
        source: ParseError,
    },
}

impl Ledger {
    /// Reads the ledger of a HOME; one that is not there is empty.
    ///
    /// # Errors
    /// [`LedgerError`] when there is one that cannot be read or understood.
    pub fn load(home: &Home) -> Result<Ledger, LedgerError> {
        let path = home.ledger();
        match fs::read(&path) {
            Ok(bytes) => {
                Ledger::parse(&bytes).map_err(|source| LedgerError::Unusable { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ledger::default()),
            Err(source) => Err(LedgerError::Unreadable { path, source }),
        }
    }

    /// Replaces the ledger of a HOME, atomically.
    ///
    /// # Errors
    /// Those of the file system; the old ledger is then untouched.
    pub fn store(&self, home: &Home) -> io::Result<()> {
        replace_file(&home.ledger(), self.to_string().as_bytes())
    }

    /// Every entry, newest version first.
    pub fn entries(&self) -> impl Iterator<Item = (&NuGetVersion, &Entry)> {
        let entries = self.entries.iter().rev();
        entries.map(|(version, entry)| (version, entry))
    }

    /// The entry of a version, whichever install it is about.
    pub fn get(&self, version: &NuGetVersion) -> Option<&Entry> {
        let place = self.place(version).ok()?;
        self.entries.get(place).map(|(_, entry)| entry)
    }

    /// Where the entry of a version is, or would be.
    fn place(&self, version: &NuGetVersion) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|(other, _)| other.cmp(version))
    }

    /// Whether there is an entry about this very install.
    pub fn knows(&self, installed: &Installed) -> bool {
        self.get(&installed.version)
            .is_some_and(|entry| entry.stamp == installed.stamp)
    }

    /// The standing of what is installed: an install that the ledger does not know is on trial.
    pub fn standing(&self, installed: &Installed) -> Standing {
        match self.get(&installed.version) {
            Some(entry) if entry.stamp == installed.stamp => entry.standing.clone(),
            _ => Standing::Trial,
        }
    }

    /// Puts the entry of a version, in place of an earlier one.
    pub fn set(&mut self, version: NuGetVersion, entry: Entry) {
        match self.place(&version) {
            Ok(place) => {
                if let Some((_, old)) = self.entries.get_mut(place) {
                    *old = entry;
                }
            }
            Err(place) => self.entries.insert(place, (version, entry)),
        }
    }

    /// Forgets the versions for which `keep` is false; it is asked about the oldest first.
    pub fn retain(&mut self, mut keep: impl FnMut(&NuGetVersion) -> bool) {
        self.entries.retain(|(version, _)| keep(version));
    }
}
