//! Reading zip archives (`.nupkg`, `.zip`) that nobody has vouched for.
//!
//! [`Archive::open`] looks at every entry before any content is given out, and
//! refuses the archive as a whole when one of them could write outside its
//! folder, means different files on different systems, or breaks a limit. What
//! is opened may be extracted in any order by joining [`Entry::path`] to a new,
//! empty folder.

mod entry;
mod error;
mod limits;
mod name;
mod read;
mod scan;
mod tree;

pub(crate) use entry::is_packaging;
pub use entry::{Entry, EntryKind};
pub use error::{ArchiveError, Refusal};
pub use limits::Limits;
pub use read::EntryReader;
pub use tree::EntryTree;

use crate::nuspec::Nuspec;
use std::fmt;
use std::io::{Read, Seek};
use zip::read::OwnedZipFileEntry;

/// A checked zip archive.
pub struct Archive<R> {
    reader: R,
    /// The directory of the zip, in its own order.
    directory: Vec<OwnedZipFileEntry>,
    entries: Vec<Entry>,
}

impl<R: Read + Seek> Archive<R> {
    /// The largest nuspec that is read, in bytes.
    pub const MAX_NUSPEC_BYTES: u64 = 1024 * 1024;

    /// Reads the directory of the archive and checks every entry in it.
    ///
    /// # Errors
    /// When `reader` fails, when it holds no whole zip archive, and when an entry
    /// or a limit gives a reason to refuse it. Nothing was given out then.
    pub fn open(mut reader: R, limits: &Limits) -> Result<Self, ArchiveError> {
        let (directory, entries) = scan::scan(&mut reader, limits)?;
        Ok(Self {
            reader,
            directory,
            entries,
        })
    }

    /// All entries, in the order of the archive's directory.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that an installation extracts: all of a plain zip; of a nupkg
    /// those that are not [packaging](Entry::packaging). Copies, so that each can
    /// be read while walking them.
    #[must_use]
    pub fn content_entries(&self) -> Vec<Entry> {
        self.entries
            .iter()
            .filter(|entry| !entry.packaging)
            .cloned()
            .collect()
    }

    /// Whether there is a nuspec at the root.
    #[must_use]
    pub fn is_nupkg(&self) -> bool {
        self.entries.iter().any(Entry::is_root_nuspec)
    }

    /// The content of one of this archive's entries. Empty for a directory.
    ///
    /// # Errors
    /// When the reader fails or the archive is damaged there, and when `entry` is
    /// of another archive. Reading the content fails too when it is not exactly as
    /// long as declared or its checksum is wrong: it is never silently short.
    pub fn read_entry(&mut self, entry: &Entry) -> Result<EntryReader<'_, R>, ArchiveError> {
        if self.entries.get(entry.position) != Some(entry) {
            return Err(ArchiveError::NoSuchEntry(entry.path.clone()));
        }
        let raw = self
            .directory
            .get(entry.index)
            .ok_or_else(|| ArchiveError::NoSuchEntry(entry.path.clone()))?;
        EntryReader::open(&mut self.reader, raw, &entry.path)
    }

    /// The package's nuspec.
    ///
    /// # Errors
    /// When there is none at the root, or several, or it is larger than
    /// [`MAX_NUSPEC_BYTES`](Self::MAX_NUSPEC_BYTES), cannot be read, or is not valid.
    pub fn nuspec(&mut self) -> Result<Nuspec, ArchiveError> {
        let mut found = self.entries.iter().filter(|entry| entry.is_root_nuspec());
        let entry = found.next().cloned().ok_or(ArchiveError::NoNuspec)?;
        if let Some(other) = found.next() {
            return Err(ArchiveError::ManyNuspecs {
                first: entry.path,
                second: other.path.clone(),
            });
        }
        if entry.size > Self::MAX_NUSPEC_BYTES {
            return Err(Refusal::TooLong {
                bytes: entry.size,
                limit: Self::MAX_NUSPEC_BYTES,
            }
            .of(&entry.path));
        }
        let mut bytes = Vec::new();
        self.read_entry(&entry)?
            .read_to_end(&mut bytes)
            .map_err(ArchiveError::from)?;
        Nuspec::from_bytes(&bytes).map_err(|source| ArchiveError::Nuspec {
            entry: entry.path,
            source,
        })
    }
}

impl<R> fmt::Debug for Archive<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}
