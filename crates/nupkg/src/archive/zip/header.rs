//! One entry of the directory.

use super::{Fields, cp437, extra, fill, invalid};
use crate::archive::error::{ArchiveError, Refusal};
use std::borrow::Cow;
use std::io::Read;

/// Bytes of an entry without what its lengths tell of.
const FIXED: usize = 46;

/// What the directory says of an entry.
#[derive(Clone, Debug, Default)]
pub(in crate::archive) struct Header {
    /// As in the archive, or as an extra field has it in Unicode.
    pub(super) name: Vec<u8>,
    flags: u16,
    method: u16,
    /// When it was last changed, as DOS writes it.
    time: u16,
    date: u16,
    pub(super) checksum: u32,
    /// Bytes in the archive.
    pub(in crate::archive) packed_size: u64,
    /// Bytes of content.
    pub(in crate::archive) size: u64,
    /// The upper half is Unix's mode.
    pub(in crate::archive) attributes: u32,
    /// Where its local header is.
    pub(super) start: u64,
    /// When it was last changed, in seconds since 1970, by an extra field.
    pub(super) modified: Option<u32>,
}

impl Header {
    /// Reads the next entry of a directory.
    ///
    /// # Errors
    /// When `reader` fails, or this is no entry.
    pub(in crate::archive) fn read<R: Read>(reader: &mut R) -> Result<Self, ArchiveError> {
        let mut bytes = [0; FIXED];
        fill(reader, &mut bytes)?;
        let not_one = || invalid("Invalid Central Directory header");
        let (mut header, [name, extra, comment]) = Self::parse(&bytes).ok_or_else(not_one)?;
        let mut rest = vec![0; name + extra + comment];
        fill(reader, &mut rest).map_err(|error| match error {
            ArchiveError::Damaged(_) => {
                invalid("Variable-length field extends beyond file boundary")
            }
            other => other,
        })?;
        let (name, rest) = rest.split_at_checked(name).unwrap_or_default();
        header.name = name.to_vec();
        extra::apply(rest.get(..extra).unwrap_or_default(), &mut header)?;
        Ok(header)
    }

    /// With the lengths of the name, the extra fields and the comment, which follow.
    fn parse(bytes: &[u8; FIXED]) -> Option<(Self, [usize; 3])> {
        let mut fields = Fields(bytes);
        if fields.bytes(4)? != b"PK\x01\x02" {
            return None;
        }
        // The versions that made it and that are needed.
        fields.u32()?;
        let header = Self {
            flags: fields.u16()?,
            method: fields.u16()?,
            time: fields.u16()?,
            date: fields.u16()?,
            checksum: fields.u32()?,
            packed_size: fields.u32()?.into(),
            size: fields.u32()?.into(),
            ..Self::default()
        };
        let lengths = [fields.u16()?, fields.u16()?, fields.u16()?];
        // The disk, and what a program may note for itself.
        fields.u32()?;
        let header = Self {
            attributes: fields.u32()?,
            start: fields.u32()?.into(),
            ..header
        };
        Some((header, lengths.map(usize::from)))
    }

    /// The name as text.
    pub(in crate::archive) fn name(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.name) {
            Ok(name) => name.into(),
            Err(_) => cp437::decode(&self.name).into(),
        }
    }

    /// The name for an error about it: what is no UTF-8 is replaced.
    pub(in crate::archive) fn lossy_name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// Whether the content can be read.
    ///
    /// # Errors
    /// When it is encrypted, or neither stored nor deflated.
    pub(in crate::archive) fn check_encoding(&self) -> Result<(), Refusal> {
        const ENCRYPTED: u16 = 1;
        if self.flags & ENCRYPTED != 0 {
            return Err(Refusal::Encrypted);
        }
        match self.method {
            STORED | DEFLATED => Ok(()),
            other => Err(Refusal::Method(method_name(other).to_owned())),
        }
    }

    pub(super) fn is_deflated(&self) -> bool {
        self.method == DEFLATED
    }

    /// When it was last changed, in seconds since 1970 UTC.
    pub(in crate::archive) fn modified(&self) -> Option<i64> {
        match self.modified {
            Some(seconds) => Some(seconds.into()),
            None => seconds_since_1970(self.date, self.time),
        }
    }
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

fn method_name(method: u16) -> &'static str {
    match method {
        1 => "Shrink",
        2 => "Reduce(1)",
        3 => "Reduce(2)",
        4 => "Reduce(3)",
        5 => "Reduce(4)",
        6 => "Implode",
        9 => "Deflate64",
        12 => "Bzip2",
        14 => "Lzma",
        93 => "Zstd",
        95 => "Xz",
        98 => "Ppmd",
        99 => "Aes",
        _ => "Unknown",
    }
}

/// Days by the civil calendar: years begin in March, so that the leap day comes last.
/// `None` for a date or time that there is not.
fn seconds_since_1970(date: u16, time: u16) -> Option<i64> {
    let part = |of: u16, shift: u16, bits: u16| i64::from(of >> shift & ((1 << bits) - 1));
    let (year, month, day) = (part(date, 9, 7) + 1980, part(date, 5, 4), part(date, 0, 5));
    let (hour, minute, second) = (part(time, 11, 5), part(time, 5, 6), part(time, 0, 5) * 2);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let exists = (1..=12).contains(&month)
        && (1..=days).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    if !exists {
        return None;
    }
    let second = second.min(58);
    let year = year - i64::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let days_before_year = 365 * year + year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    const DAYS_TO_1970: i64 = 719_468;
    let days = days_before_year + day_of_year - DAYS_TO_1970;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}
