//! The content of one entry, checked against what the directory says.

use super::error::ArchiveError;
#[cfg(feature = "tar")]
use super::tar::Stream;
use super::zip::{self, Header};
use std::fmt;
use std::io::{self, Read, Seek};

/// Reads the uncompressed content of one entry.
///
/// An error of [`Read::read`] holds an [`ArchiveError`]; `ArchiveError::from` takes
/// it out. The end of the content is given out only after length and checksum were
/// found right, so a caller that has read [`Entry::size`](super::Entry::size) bytes
/// needs no further check.
pub struct EntryReader<'a, R> {
    content: Content<'a, R>,
    path: String,
    left: u64,
    /// Length and checksum were found right, or an error was returned.
    done: bool,
}

enum Content<'a, R> {
    Zip(Box<zip::Content<'a, R>>),
    #[cfg(feature = "tar")]
    Tar(&'a mut Stream<R>),
}

impl<'a, R: Read + Seek> EntryReader<'a, R> {
    pub(super) fn of_zip(
        reader: &'a mut R,
        raw: &Header,
        path: &str,
    ) -> Result<Self, ArchiveError> {
        let content = zip::Content::new(reader, raw).map_err(|error| match error {
            ArchiveError::Damaged(reason) => ArchiveError::DamagedEntry {
                entry: path.to_owned(),
                reason,
            },
            other => other,
        })?;
        Ok(Self {
            left: raw.size,
            content: Content::Zip(Box::new(content)),
            path: path.to_owned(),
            done: false,
        })
    }

    #[cfg(feature = "tar")]
    pub(super) fn of_tar(
        stream: &'a mut Stream<R>,
        place: u64,
        size: u64,
        path: &str,
    ) -> Result<Self, ArchiveError> {
        stream.go_to(place).map_err(|error| damaged(path, error))?;
        Ok(Self {
            left: size,
            content: Content::Tar(stream),
            path: path.to_owned(),
            done: false,
        })
    }
}

impl<R: Read + Seek> Read for EntryReader<'_, R> {
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

impl<R: Read + Seek> EntryReader<'_, R> {
    fn read_checked(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.left {
            0 => 0,
            _ => self.content.read(buffer, self.left)?,
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
            self.content.finish()?;
        }
        Ok(count)
    }
}

impl<R: Read + Seek> Content<'_, R> {
    /// The zip reader finds out itself when there is more than is `left`.
    #[cfg_attr(not(feature = "tar"), allow(unused_variables, reason = "for tar"))]
    fn read(&mut self, buffer: &mut [u8], left: u64) -> io::Result<usize> {
        match self {
            Content::Zip(content) => content.read(buffer),
            #[cfg(feature = "tar")]
            Content::Tar(stream) => {
                let most = usize::try_from(left)
                    .unwrap_or(usize::MAX)
                    .min(buffer.len());
                stream.read(buffer.get_mut(..most).unwrap_or_default())
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Content::Zip(content) => io::copy(content, &mut io::sink()).map(drop),
            // Its checksum, if it has one, was found right on opening.
            #[cfg(feature = "tar")]
            Content::Tar(_) => Ok(()),
        }
    }
}

/// An error of the reader below stays one; what the zip reader found out is damage.
fn damaged(path: &str, error: io::Error) -> ArchiveError {
    match damage(&error) {
        Some(reason) => ArchiveError::DamagedEntry {
            entry: path.to_owned(),
            reason,
        },
        None => ArchiveError::Io(error),
    }
}

/// What is wrong with the bytes, if it is not the reader that failed.
pub(super) fn damage(error: &io::Error) -> Option<String> {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof, Unsupported};
    match error.kind() {
        UnexpectedEof => Some("it ends too early".to_owned()),
        InvalidData | InvalidInput | Unsupported => Some(error.to_string()),
        _ => None,
    }
}

impl<R> fmt::Debug for EntryReader<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryReader")
            .field("path", &self.path)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
