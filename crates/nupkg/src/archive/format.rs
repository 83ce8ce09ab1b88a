//! Which kind of archive a file is, told by its first bytes.

use super::error::ArchiveError;
use crate::file_name::PackageExtension;
use std::fmt;
use std::io::{Read, Seek, SeekFrom};

/// The formats that packages come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.nupkg`, `.zip`
    Zip,
    /// `.tar`
    Tar,
    /// `.tar.gz`, `.tgz`
    TarGz,
    /// `.tar.bz2`
    TarBz2,
}

impl Format {
    /// The format of files with this extension.
    #[must_use]
    pub const fn of(extension: PackageExtension) -> Self {
        match extension {
            PackageExtension::Nupkg | PackageExtension::Zip => Self::Zip,
            PackageExtension::Tar => Self::Tar,
            PackageExtension::TarGz | PackageExtension::Tgz => Self::TarGz,
            PackageExtension::TarBz2 => Self::TarBz2,
        }
    }

    /// Looks at the first bytes and goes back to the start. A tar has no mark of its
    /// own but the checksum of its first header; zeros, which a failed disk may leave, are
    /// none. What is nothing else counts as a zip.
    pub(super) fn detect<R: Read + Seek>(reader: &mut R) -> Result<Self, ArchiveError> {
        reader.seek(SeekFrom::Start(0)).map_err(ArchiveError::Io)?;
        let mut start = Vec::new();
        let read = reader.by_ref().take(512).read_to_end(&mut start);
        read.and_then(|_| reader.seek(SeekFrom::Start(0)))
            .map_err(ArchiveError::Io)?;
        Ok(match start.as_slice() {
            [0x1f, 0x8b, ..] => Self::TarGz,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::TarBz2,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            block if is_tar(block) => Self::Tar,
            _ => Self::Zip,
        })
    }
}

#[cfg(feature = "tar")]
fn is_tar(block: &[u8]) -> bool {
    use super::tar::header::Header;
    block
        .try_into()
        .is_ok_and(|block| Header::new(block).is_some())
}

#[cfg(not(feature = "tar"))]
fn is_tar(_block: &[u8]) -> bool {
    false
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
            Self::TarBz2 => "tar.bz2",
        })
    }
}
