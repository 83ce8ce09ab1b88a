//! The content of one entry, with its length and checksum found right.

use super::header::Header;
use super::{Fields, cut_off, invalid};
use crate::archive::error::ArchiveError;
use crate::crc32::Crc32;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Take};

/// Bytes of a local header without the name and the extra fields.
const LOCAL: u64 = 30;

/// Reads the uncompressed content. It ends with an error when there is more than the
/// directory says, or its checksum is another; that there is less is for the caller to see.
pub(in crate::archive) struct Content<'a, R> {
    source: Source<'a, R>,
    /// Of what was read.
    checksum: Crc32,
    expected: u32,
    /// How much there may still be.
    left: u64,
}

enum Source<'a, R> {
    Stored(Take<&'a mut R>),
    Deflated(DeflateDecoder<BufReader<Take<&'a mut R>>>),
}

impl<'a, R: Read + Seek> Content<'a, R> {
    /// Goes to the content of an entry.
    ///
    /// # Errors
    /// When `reader` fails, or there is no entry.
    pub(in crate::archive) fn new(
        reader: &'a mut R,
        header: &Header,
    ) -> Result<Self, ArchiveError> {
        let mut local = [0; LOCAL as usize];
        reader
            .seek(SeekFrom::Start(header.start))
            .and_then(|_| reader.read_exact(&mut local))
            .map_err(cut_off)?;
        let start = variable_length(&local)
            .ok_or_else(|| invalid("Invalid local file header"))
            .map(|length| header.start.checked_add(LOCAL + length))?
            .ok_or_else(|| invalid("Local header end offset overflows u64"))?;
        if start.checked_add(header.packed_size).is_none() {
            return Err(invalid("File data end offset overflows u64"));
        }
        reader
            .seek(SeekFrom::Start(start))
            .map_err(ArchiveError::Io)?;
        let packed = reader.take(header.packed_size);
        Ok(Self {
            source: match header.is_deflated() {
                false => Source::Stored(packed),
                true => Source::Deflated(DeflateDecoder::new(BufReader::new(packed))),
            },
            checksum: Crc32::new(),
            expected: header.checksum,
            left: header.size,
        })
    }
}

/// How long the name and the extra fields are.
fn variable_length(local: &[u8]) -> Option<u64> {
    let mut fields = Fields(local);
    if fields.bytes(4)? != b"PK\x03\x04" {
        return None;
    }
    // What the directory says as well.
    fields.bytes(22)?;
    Some(u64::from(fields.u16()?) + u64::from(fields.u16()?))
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.source {
            Source::Stored(source) => source.read(buffer),
            Source::Deflated(source) => source.read(buffer),
        }?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| damaged("File is larger than its declared uncompressed size"))?;
        self.checksum
            .update(buffer.get(..count).unwrap_or_default());
        if count == 0 && !buffer.is_empty() && self.checksum.clone().finalize() != self.expected {
            return Err(damaged("Invalid checksum"));
        }
        Ok(count)
    }
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
