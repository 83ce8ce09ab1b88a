//! The zip format, as far as packages use it: its directory, and content stored or deflated.
//!
//! The crate `zip`, which writes them, also reads encrypted and split archives and much more;
//! that would be a fifth of the supervisor. What both read, they read alike (`tests/it/zip_alike.rs`).

mod content;
mod cp437;
mod end;
mod extra;
mod header;

pub(super) use self::content::Content;
pub(super) use self::end::find as find_directory;
pub(super) use self::header::Header;

use super::error::ArchiveError;
use std::io::{self, ErrorKind, Read};

fn invalid(what: &str) -> ArchiveError {
    ArchiveError::Damaged(format!("invalid Zip archive: {what}"))
}

/// Fills the buffer; an archive that ends before is damaged.
fn fill<R: Read>(reader: &mut R, buffer: &mut [u8]) -> Result<(), ArchiveError> {
    reader.read_exact(buffer).map_err(cut_off)
}

/// An archive that ends too early, or that names a place where no file can have anything.
fn cut_off(error: io::Error) -> ArchiveError {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidInput => too_short(),
        _ => ArchiveError::Io(error),
    }
}

fn too_short() -> ArchiveError {
    ArchiveError::Damaged("it ends too early".to_owned())
}

/// Numbers of a record one after the other, the lowest byte first.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The next bytes, if there are as many.
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The next number of this many bytes, at most eight.
    fn number(&mut self, size: usize) -> Option<u64> {
        let bytes = self.bytes(size)?.iter().rev();
        Some(bytes.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn u16(&mut self) -> Option<u16> {
        self.number(2).map(|number| number as u16)
    }

    fn u32(&mut self) -> Option<u32> {
        self.number(4).map(|number| number as u32)
    }

    fn u64(&mut self) -> Option<u64> {
        self.number(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_no_file_has_is_damage_and_a_reader_that_fails_is_none() {
        for kind in [ErrorKind::UnexpectedEof, ErrorKind::InvalidInput] {
            assert!(matches!(cut_off(kind.into()), ArchiveError::Damaged(_)));
        }
        let error = cut_off(ErrorKind::PermissionDenied.into());
        assert!(matches!(error, ArchiveError::Io(_)));
    }
}
