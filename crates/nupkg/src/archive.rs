//! Reading archives that nobody has vouched for: `.nupkg` and `.zip`, and with the
//! feature `tar` also `.tar`, `.tar.gz`, `.tgz` and `.tar.bz2`.
//!
//! [`Archive::open`] looks at every entry before any content is given out, and
//! refuses the archive as a whole when one of them could write outside its
//! folder, means different files on different systems, or breaks a limit. What
//! is opened may be extracted in any order by joining [`Entry::path`] to a new,
//! empty folder.

mod entry;
mod error;
mod format;
mod limits;
mod name;
mod read;
mod scan;
#[cfg(feature = "tar")]
mod tar;
mod tree;
mod zip;

#[cfg(feature = "pack")]
pub(crate) use entry::is_packaging;
pub use entry::{Entry, EntryKind};
pub use error::{ArchiveError, Refusal};
pub use format::Format;
pub use limits::Limits;
pub use read::EntryReader;
pub use tree::EntryTree;

use crate::file_name::PackageExtension;
#[cfg(feature = "nuspec")]
use crate::nuspec::Nuspec;
use std::fmt;
use std::io::{Read, Seek};

/// A checked archive.
pub struct Archive<R> {
    source: Source<R>,
    entries: Vec<Entry>,
}

enum Source<R> {
    Zip {
        reader: R,
        /// In its own order.
        directory: Vec<zip::Header>,
    },
    #[cfg(feature = "tar")]
    Tar(tar::Stream<R>),
}

impl<R: Read + Seek> Archive<R> {
    /// The largest nuspec that is read, in bytes.
    #[cfg(feature = "nuspec")]
    pub const MAX_NUSPEC_BYTES: u64 = 1024 * 1024;

    /// Finds out the format by the first bytes, reads the directory of the archive
    /// (of a tar: all of it) and checks every entry in it. A zip with a nuspec at its
    /// root is a nupkg.
    ///
    /// # Errors
    /// When `reader` fails, when it holds no whole archive, and when an entry or a
    /// limit gives a reason to refuse it. Nothing was given out then.
    pub fn open(mut reader: R, limits: &Limits) -> Result<Self, ArchiveError> {
        let format = Format::detect(&mut reader)?;
        Self::of_format(reader, format, limits, None)
    }

    /// The same for a file with this extension. A `.zip` is a plain zip, whether or
    /// not there is a nuspec in it.
    ///
    /// # Errors
    /// Besides those of [`open`](Self::open), when the archive is of another format.
    pub fn open_as(
        mut reader: R,
        extension: PackageExtension,
        limits: &Limits,
    ) -> Result<Self, ArchiveError> {
        let found = Format::detect(&mut reader)?;
        if found != Format::of(extension) {
            // What is nothing else counts as a zip: it has to be one to be told so.
            Self::of_format(reader, found, limits, None).map_err(|error| match error {
                ArchiveError::NotAnArchive { .. } => ArchiveError::NotAnArchive {
                    format: Format::of(extension),
                    reason: "it is none at all".to_owned(),
                },
                other => other,
            })?;
            return Err(ArchiveError::OtherFormat { extension, found });
        }
        Self::of_format(reader, found, limits, Some(extension))
    }

    #[cfg_attr(
        not(feature = "tar"),
        allow(clippy::match_same_arms, reason = "with the feature they differ")
    )]
    fn of_format(
        mut reader: R,
        format: Format,
        limits: &Limits,
        extension: Option<PackageExtension>,
    ) -> Result<Self, ArchiveError> {
        match format {
            Format::Zip => {
                let (directory, entries) = scan::scan(&mut reader, limits, extension)?;
                let source = Source::Zip { reader, directory };
                Ok(Self { source, entries })
            }
            #[cfg(feature = "tar")]
            _ => {
                let (stream, entries) = tar::scan(reader, format, limits)?;
                let source = Source::Tar(stream);
                Ok(Self { source, entries })
            }
            #[cfg(not(feature = "tar"))]
            _ => Err(ArchiveError::Unsupported(format)),
        }
    }

    /// What kind of archive it is.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.source {
            Source::Zip { .. } => Format::Zip,
            #[cfg(feature = "tar")]
            Source::Tar(stream) => stream.format(),
        }
    }

    /// All entries, in the order of the archive's directory; each once, and a hard link
    /// after its file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that an installation extracts: all of a plain zip or tar; of a nupkg
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

    /// Whether it is a zip with a nuspec at the root.
    #[must_use]
    pub fn is_nupkg(&self) -> bool {
        self.nuspecs().next().is_some()
    }

    /// The content of one of this archive's entries. Empty for a folder and a hard link.
    /// Entries of a compressed tar are best read in their order: going back means to
    /// unpack it again from the start.
    ///
    /// # Errors
    /// When the reader fails or the archive is damaged there, and when `entry` is
    /// of another archive. Reading the content fails too when it is not exactly as
    /// long as declared or its checksum is wrong: it is never silently short.
    pub fn read_entry(&mut self, entry: &Entry) -> Result<EntryReader<'_, R>, ArchiveError> {
        if self.entries.get(entry.position) != Some(entry) {
            return Err(ArchiveError::NoSuchEntry(entry.path.clone()));
        }
        match &mut self.source {
            Source::Zip { reader, directory } => {
                let place = usize::try_from(entry.place).ok();
                let raw = place
                    .and_then(|place| directory.get(place))
                    .ok_or_else(|| ArchiveError::NoSuchEntry(entry.path.clone()))?;
                EntryReader::of_zip(reader, raw, &entry.path)
            }
            #[cfg(feature = "tar")]
            Source::Tar(stream) => {
                EntryReader::of_tar(stream, entry.place, entry.size, &entry.path)
            }
        }
    }

    fn nuspecs(&self) -> impl Iterator<Item = &Entry> {
        // Everything else than a nupkg has no packaging.
        self.entries
            .iter()
            .filter(|entry| entry.packaging && entry.is_root_nuspec())
    }

    /// The package's nuspec.
    ///
    /// # Errors
    /// When there is none at the root, or several, or it is larger than
    /// [`MAX_NUSPEC_BYTES`](Self::MAX_NUSPEC_BYTES), cannot be read, or is not valid.
    #[cfg(feature = "nuspec")]
    pub fn nuspec(&mut self) -> Result<Nuspec, ArchiveError> {
        let mut found = self.nuspecs();
        let entry = found.next().cloned().ok_or(ArchiveError::NoNuspec)?;
        let other = found.next().cloned();
        drop(found);
        if let Some(other) = other {
            return Err(ArchiveError::ManyNuspecs {
                first: entry.path,
                second: other.path,
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
