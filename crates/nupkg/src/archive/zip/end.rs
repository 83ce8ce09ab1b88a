//! Where the directory is: the records at the end of an archive.

use super::{Fields, fill, invalid};
use crate::archive::error::ArchiveError;
use std::io::{Read, Seek, SeekFrom};

/// The longest comment, and a few bytes of something else.
const SEARCHED: u64 = 65_572;
/// Bytes of what says where the record of a large archive is.
const LOCATOR: u64 = 20;
/// Bytes of the record of a large archive, without what may follow in it.
const LARGE_END: u64 = 56;
/// Of these, what its own length leaves out.
const LARGE_END_BEFORE: u64 = 12;
/// Bytes of an entry in the directory without its name.
const SMALLEST_ENTRY: u64 = 46;

/// The directory of an archive.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::archive) struct Directory {
    pub(in crate::archive) start: u64,
    pub(in crate::archive) entries: u64,
    size: u64,
}

/// Looks for the last record from the end on, since a comment may follow it, which may look
/// like one itself.
///
/// # Errors
/// When `reader` fails, or no record makes sense; about the one that was looked at last.
pub(in crate::archive) fn find<R: Read + Seek>(reader: &mut R) -> Result<Directory, ArchiveError> {
    let length = reader.seek(SeekFrom::End(0)).map_err(ArchiveError::Io)?;
    let start = length.saturating_sub(SEARCHED);
    let tail = read(reader, start, length - start)?;
    let mut problem = invalid("Could not find EOCD");
    for at in (0..tail.len()).rev() {
        let record = tail.get(at..).unwrap_or_default();
        if !record.starts_with(b"PK\x05\x06") {
            continue;
        }
        match directory(reader, record, start + at as u64) {
            Ok(directory) if directory.entries > directory.size / SMALLEST_ENTRY => {
                return Err(invalid(
                    "Central directory declares more entries than its size allows",
                ));
            }
            Err(ArchiveError::Io(error)) => return Err(ArchiveError::Io(error)),
            Ok(directory) => return Ok(directory),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// What one record says, which begins at `end`.
fn directory<R: Read + Seek>(
    reader: &mut R,
    record: &[u8],
    end: u64,
) -> Result<Directory, ArchiveError> {
    let short = || invalid("EOCD comment exceeds file boundary");
    let mut fields = Fields(record);
    let mut u16 = || fields.u16().ok_or_else(short);
    let (_magic, _) = (u16()?, u16()?);
    let (disk, disk_of_directory, on_this_disk, entries) = (u16()?, u16()?, u16()?, u16()?);
    let size = fields.u32().ok_or_else(short)?;
    let start = fields.u32().ok_or_else(short)?;
    let comment = fields.u16().ok_or_else(short)?;
    fields.bytes(comment.into()).ok_or_else(short)?;

    let may_be_large = entries == u16::MAX || size == u32::MAX || start == u32::MAX;
    if may_be_large && let Some(locator) = locator(reader, end)? {
        return large(reader, &locator, end - LOCATOR);
    }
    if disk != 0 || disk_of_directory != 0 || on_this_disk != entries {
        return Err(invalid("Multi-disk ZIP files are not supported"));
    }
    let (start, size, entries) = (start.into(), size.into(), entries.into());
    let begins = match entries {
        0 => start <= end,
        _ => start < end,
    };
    if !begins {
        return Err(invalid("Invalid CDFH offset in EOCD"));
    }
    // The archive must begin at the first byte: whatever else a file begins with, other
    // programs could read it differently.
    if entries > 0 && !is_at(reader, start, end, b"PK\x01\x02")? {
        return Err(invalid("No CDFH found"));
    }
    Ok(Directory {
        start,
        entries,
        size,
    })
}

/// Where the record of a large archive is.
struct Locator {
    disk: u32,
    record: u64,
    disks: u32,
}

fn locator<R: Read + Seek>(reader: &mut R, end: u64) -> Result<Option<Locator>, ArchiveError> {
    let Some(at) = end.checked_sub(LOCATOR) else {
        return Ok(None);
    };
    let bytes = read(reader, at, LOCATOR)?;
    let mut fields = Fields(&bytes);
    if fields.bytes(4) != Some(b"PK\x06\x07") {
        return Ok(None);
    }
    let locator = (fields.u32(), fields.u64(), fields.u32());
    Ok(match locator {
        (Some(disk), Some(record), Some(disks)) => Some(Locator {
            disk,
            record,
            disks,
        }),
        _ => None,
    })
}

/// What the record of a large archive says, which ends where the locator begins.
fn large<R: Read + Seek>(
    reader: &mut R,
    locator: &Locator,
    end: u64,
) -> Result<Directory, ArchiveError> {
    if locator.record >= end {
        return Err(invalid("Invalid EOCD64 Locator CD offset"));
    }
    if locator.disks > 1 {
        return Err(invalid("Multi-disk ZIP files are not supported"));
    }
    if !is_at(reader, locator.record, end, b"PK\x06\x06")? {
        return Err(invalid("Could not find EOCD64"));
    }
    let bytes = read(reader, locator.record, LARGE_END)?;
    let mut fields = Fields(&bytes);
    let short = || invalid("Could not find EOCD64");
    fields.bytes(4);
    let length = fields.u64().ok_or_else(short)?;
    // The versions that made it and that are needed.
    fields.u32();
    let disk = fields.u32().ok_or_else(short)?;
    let disk_of_directory = fields.u32().ok_or_else(short)?;
    let mut u64 = || fields.u64().ok_or_else(short);
    let (on_this_disk, entries, size, start) = (u64()?, u64()?, u64()?, u64()?);
    if length < LARGE_END - LARGE_END_BEFORE - 4 {
        return Err(invalid("Low EOCD64 record size"));
    }
    if length.checked_add(LARGE_END_BEFORE) != Some(end - locator.record) {
        return Err(invalid("Invalid EOCD64: inconsistent length"));
    }
    if disk_of_directory != locator.disk {
        return Err(invalid("Invalid EOCD64: inconsistency with Locator data"));
    }
    if disk != 0 || disk_of_directory != 0 || on_this_disk != entries {
        return Err(invalid("Multi-disk ZIP files are not supported"));
    }
    let least = entries.saturating_mul(SMALLEST_ENTRY).saturating_add(start);
    if locator.record < least {
        return Err(invalid("Could not find EOCD64"));
    }
    Ok(Directory {
        start,
        entries,
        size,
    })
}

fn is_at<R: Read + Seek>(
    reader: &mut R,
    at: u64,
    end: u64,
    magic: &[u8; 4],
) -> Result<bool, ArchiveError> {
    Ok(at + 4 <= end && read(reader, at, 4)? == magic)
}

/// Some bytes that the archive must have.
fn read<R: Read + Seek>(reader: &mut R, at: u64, count: u64) -> Result<Vec<u8>, ArchiveError> {
    reader.seek(SeekFrom::Start(at)).map_err(ArchiveError::Io)?;
    let mut bytes = vec![0; usize::try_from(count).unwrap_or_default()];
    fill(reader, &mut bytes)?;
    Ok(bytes)
}
