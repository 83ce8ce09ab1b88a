//! What can go wrong with an install, and what to do then.

use std::io;
use std::path::{Path, PathBuf};

use nupkg::{ArchiveError, NuGetVersion};

use super::unpack::UnpackError;

/// A version was not installed; what was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The package cannot be opened or is not one.
    #[error("the package {path} cannot be installed")]
    Package {
        /// The package.
        path: PathBuf,
        /// What is wrong with it.
        source: ArchiveError,
    },
    /// It has nothing to start.
    #[error("the package {path} has no file `{program}` at its root: build or download it again")]
    NoProgram {
        /// The package.
        path: PathBuf,
        /// What is missing.
        program: String,
    },
    /// That version is installed already, by another order.
    #[error(
        "Tentacle {version} is installed already, by `{stamp}`: remove it first, or install another version"
    )]
    Exists {
        /// The version.
        version: NuGetVersion,
        /// What installed it.
        stamp: String,
    },
    /// It would not fit.
    #[error(
        "{folder} has {free} bytes free, and {needed} are needed: free some space on that disk"
    )]
    NoSpace {
        /// Where it was to go.
        folder: PathBuf,
        /// Bytes that the unpacked package takes.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// The package is damaged inside, or its content cannot be written.
    #[error("the package {path} cannot be unpacked")]
    Unpack {
        /// The package.
        path: PathBuf,
        /// Which file, and why.
        source: UnpackError,
    },
    /// The folders cannot be changed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Something in a folder cannot be written or removed.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be written: {advice}", advice = advice(source))]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the file system said.
    pub source: io::Error,
}

impl WriteError {
    /// For use in `map_err`.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
        let path = path.to_owned();
        move |source| WriteError { path, source }
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full, free some space on it",
        io::ErrorKind::QuotaExceeded => "the disk quota is used up, raise it or free some space",
        io::ErrorKind::PermissionDenied => "make it writable for the user of this service",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only, mount it writable",
        io::ErrorKind::InvalidFilename => {
            "the name is not allowed there, use a shorter or plainer one"
        }
        io::ErrorKind::AlreadyExists => "something of that name is there already, remove it",
        _ => "see that its folder and disk are in order",
    }
}
