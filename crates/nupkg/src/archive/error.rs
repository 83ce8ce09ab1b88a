//! Why an archive was refused or could not be read.

use super::format::Format;
use crate::file_name::PackageExtension;
#[cfg(feature = "nuspec")]
use crate::nuspec::NuspecError;
use std::io;

/// An archive could not be opened or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The reader failed.
    #[error("the package could not be read")]
    Io(#[source] io::Error),
    /// Not an archive of a known format, or its end is missing.
    #[error("this is not a whole {format} archive ({reason}); fetch or build the package again")]
    NotAnArchive {
        /// What it looks most like.
        format: Format,
        /// What is wrong with it.
        reason: String,
    },
    /// Another format than the name of the file says.
    #[error(
        "a {extension} package has to be a {} archive, but this is a {found} archive; give the file the extension of its format",
        Format::of(*.extension)
    )]
    OtherFormat {
        /// Of the file.
        extension: PackageExtension,
        /// What it is.
        found: Format,
    },
    /// A format that this program leaves out.
    #[error("this is a {0} archive, which this program can't read; give it a zip or .nupkg")]
    Unsupported(Format),
    /// An archive whose directory or headers make no sense.
    #[error("the package is damaged ({0}); fetch or build it again")]
    Damaged(String),
    /// The content of an entry is not what the directory says.
    #[error("entry `{entry}` is damaged ({reason}); fetch or build the package again")]
    DamagedEntry {
        /// Path of the entry.
        entry: String,
        /// What does not fit.
        reason: String,
    },
    /// An entry would do harm.
    #[error("entry `{entry}` {refusal}; the package was refused, nothing was extracted")]
    Refused {
        /// The entry's name as in the archive.
        entry: String,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// More entries than allowed.
    #[error(
        "the package has {entries} entries, more than the limit of {limit}; it was refused, split it up or raise the limit"
    )]
    TooManyEntries {
        /// As many as the directory has.
        entries: usize,
        /// [`Limits::max_entries`](super::Limits::max_entries).
        limit: usize,
    },
    /// More bytes than allowed.
    #[error(
        "the package holds more than {limit} bytes; it was refused, split it up or raise the limit"
    )]
    TooLarge {
        /// [`Limits::max_total_bytes`](super::Limits::max_total_bytes).
        limit: u64,
    },
    /// All entries together are far larger than the archive.
    #[error(
        "the package claims {bytes} bytes in an archive of {archive}, more than {limit} times as much; it was refused, nothing was extracted"
    )]
    Bomb {
        /// Bytes of all entries.
        bytes: u64,
        /// Bytes of the archive.
        archive: u64,
        /// [`Limits::max_ratio`](super::Limits::max_ratio).
        limit: u64,
    },
    /// There is no nuspec at the root.
    #[cfg(feature = "nuspec")]
    #[error(
        "the package has no .nuspec file at its root, so it is not a NuGet package; pack it with a NuGet client or `octo package nuget create`"
    )]
    NoNuspec,
    /// There are several nuspecs at the root.
    #[cfg(feature = "nuspec")]
    #[error(
        "the package has more than one .nuspec file at its root (`{first}`, `{second}`); leave one of them out"
    )]
    ManyNuspecs {
        /// One of them.
        first: String,
        /// Another one.
        second: String,
    },
    /// The nuspec is not valid.
    #[cfg(feature = "nuspec")]
    #[error("`{entry}` is not a valid nuspec")]
    Nuspec {
        /// Path of the nuspec.
        entry: String,
        /// What is wrong with it.
        source: NuspecError,
    },
    /// The entry is of another archive.
    #[error("the package has no entry `{0}`")]
    NoSuchEntry(String),
}

/// What is wrong with an entry: the second half of a sentence that begins with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// `..` in its path.
    #[error("leaves the package's folder")]
    Outside,
    /// Begins with a slash or backslash.
    #[error("is an absolute path")]
    Absolute,
    /// A drive letter, or an alternate stream of NTFS.
    #[error("contains a `:`, which names a drive or a stream on Windows")]
    Colon,
    /// Nothing, or nothing between two slashes.
    #[error("has an empty name")]
    Empty,
    /// NUL or another control character.
    #[error("contains a control character")]
    Control,
    /// `CON`, `NUL` and such, with any extension.
    #[error("is a device on Windows")]
    Device,
    /// Windows would drop it.
    #[error("ends with a dot or space, which Windows drops")]
    Trailing,
    /// The same path twice, perhaps in another case.
    #[error("occurs twice, or differs only by case from another entry")]
    Duplicate,
    /// A file or link where another entry needs a folder.
    #[error("is both a folder and something else")]
    Conflict,
    /// Symbolic link whose target is not inside.
    #[error("is a link that leaves the package's folder")]
    LinkOutside,
    /// Symbolic link whose target goes through another link.
    #[error("is a link that leads through another link")]
    LinkThroughLink,
    /// Symbolic link whose target is not a path that is the same everywhere.
    #[error("is a link whose target is not a plain relative path")]
    LinkTarget,
    /// Device, pipe, socket, or a link without content.
    #[error("is neither file, folder nor symbolic link")]
    Special,
    /// Hard link to something that is no file before it.
    #[error("is a hard link to something that is not a file before it in the archive")]
    HardLink,
    /// A file with holes, which archives describe in many ways.
    #[error("is a sparse file; pack it with its zeros (tar without --sparse)")]
    Sparse,
    /// A name that is not UTF-8.
    #[error("has a name that is not UTF-8")]
    Encoding,
    /// Needs a password.
    #[error("is encrypted")]
    Encrypted,
    /// Not stored or deflated.
    #[error("is compressed by a method other than deflate ({0})")]
    Method(String),
    /// One entry too many, or one folder that its path needs.
    #[error("is one too many: at most {limit} files and folders are allowed")]
    TooMany {
        /// [`Limits::max_entries`](super::Limits::max_entries).
        limit: usize,
    },
    /// Larger than allowed.
    #[error("has {bytes} bytes, more than the limit of {limit}")]
    TooLong {
        /// Its size.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// Compressed suspiciously well.
    #[error("grows from {packed} to {bytes} bytes, more than {limit} times")]
    Bomb {
        /// Its size.
        bytes: u64,
        /// Its size in the archive.
        packed: u64,
        /// What is allowed.
        limit: u64,
    },
}

impl Refusal {
    /// The error for the entry of this name.
    #[must_use]
    pub fn of(self, entry: &str) -> ArchiveError {
        ArchiveError::Refused {
            entry: crate::id::shorten(entry),
            refusal: self,
        }
    }
}

/// An error of an [`EntryReader`](super::EntryReader) is one of ours inside an [`io::Error`].
impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        match error.downcast() {
            Ok(own) => own,
            Err(other) => Self::Io(other),
        }
    }
}
