//! The content of one entry, checked against what the directory says.

use super::error::ArchiveError;
use std::fmt;
use std::io::{self, Read, Seek};
use zip::ZipReadOptions;
use zip::read::{OwnedZipFileEntry, ZipFile};

/// Reads the uncompressed content of one entry.
///
/// An error of [`Read::read`] holds an [`ArchiveError`]; `ArchiveError::from` takes
/// it out. The end of the content is given out only after length and checksum were
/// found right, so a caller that has read [`Entry::size`](super::Entry::size) bytes
/// needs no further check.
pub struct EntryReader<'a, R: Read> {
    content: ZipFile<'a, R>,
    path: String,
    left: u64,
    /// Length and checksum were found right, or an error was returned.
    done: bool,
}

impl<'a, R: Read + Seek> EntryReader<'a, R> {
    pub(super) fn open(
        reader: &'a mut R,
        raw: &'a OwnedZipFileEntry,
        path: &str,
    ) -> Result<Self, ArchiveError> {
        let content = raw
            .as_ref()
            .with_reader(reader, ZipReadOptions::new())
            .map_err(|error| damaged(path, error.into()))?;
        Ok(Self {
            left: content.size(),
            content,
            path: path.to_owned(),
            done: false,
        })
    }

    /// The zip's own entry; its extra fields are shown only once it is opened.
    pub(super) fn raw(&self) -> &ZipFile<'a, R> {
        &self.content
    }
}

impl<R: Read> Read for EntryReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done || buffer.is_empty() {
            return Ok(0);
        }
        let result = self.read_checked(buffer);
        if let Err(error) = &result
            && error.kind() == io::ErrorKind::Interrupted
        {
            return result;
        }
        self.done = self.left == 0 || result.is_err();
        result.map_err(|error| io::Error::new(error.kind(), damaged(&self.path, error)))
    }
}

impl<R: Read> EntryReader<'_, R> {
    fn read_checked(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.left {
            0 => 0,
            _ => self.content.read(buffer)?,
        };
        // The content is found out to be too long by the zip reader.
        self.left = self.left.saturating_sub(count as u64);
        if count == 0 && self.left > 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} bytes less than declared", self.left),
            ));
        }
        if self.left == 0 {
            // The checksum is looked at only when the end is read.
            io::copy(&mut self.content, &mut io::sink())?;
        }
        Ok(count)
    }
}

/// An error of the reader below stays one; what the zip reader found out is damage.
fn damaged(path: &str, error: io::Error) -> ArchiveError {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof, Unsupported};
    match error.kind() {
        InvalidData | InvalidInput | UnexpectedEof | Unsupported => ArchiveError::DamagedEntry {
            entry: path.to_owned(),
            reason: error.to_string(),
        },
        _ => ArchiveError::Io(error),
    }
}

impl<R: Read> fmt::Debug for EntryReader<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryReader")
            .field("path", &self.path)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
