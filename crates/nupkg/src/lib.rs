//! Package ids, NuGet versions and ranges, nuspec files, and reading and writing of package archives.
//!
//! Bytes, readers and text go in, values come out: this crate knows nothing of
//! folders, networks, processes or clocks. Whoever extracts a package writes the
//! files; what may be written is decided here, in [`archive`].
#![cfg_attr(
    not(test),
    warn(
        clippy::use_debug,
        reason = "the supervisor is built without such texts"
    )
)]

pub mod archive;
mod crc32;
mod device;
mod escape;
mod file_name;
mod id;
#[cfg(feature = "nuspec")]
mod nuspec;
#[cfg(feature = "pack")]
pub mod pack;
mod range;
mod version;

pub use archive::{Archive, ArchiveError, Entry, EntryKind, Limits};
pub use crc32::crc32;
pub use file_name::{FileNameError, PackageExtension, PackageFileName};
pub use id::{PackageId, PackageIdError};
#[cfg(feature = "nuspec")]
pub use nuspec::{Dependency, DependencyGroup, License, Nuspec, NuspecError, PackageType};
#[cfg(feature = "pack")]
pub use pack::PackageBuilder;
pub use range::{RangeError, VersionRange};
pub use version::{NuGetVersion, VersionError};
