//! Extra fields of an entry: sizes of large files, times, names in Unicode.

use super::header::Header;
use super::{Fields, invalid, too_short};
use crate::archive::error::ArchiveError;
use crate::crc32::crc32;

const LARGE: u16 = 0x0001;
const NTFS: u16 = 0x000a;
const TIMES: u16 = 0x5455;
const UNICODE_COMMENT: u16 = 0x6375;
const UNICODE_NAME: u16 = 0x7075;
const ALIGNMENT: [u16; 2] = [0xa11e, 0xd935];
const AES: u16 = 0x9901;

/// Puts what the extra fields say into the header that they belong to.
///
/// # Errors
/// When one of them is cut off or otherwise damaged.
pub(super) fn apply(extra: &[u8], header: &mut Header) -> Result<(), ArchiveError> {
    let small = header.clone();
    let mut fields = Fields(extra);
    // Fewer bytes than a field begins with are left by programs that make room.
    while let Some(id) = fields.u16() {
        let Some(length) = fields.u16() else {
            if is_known(id) {
                let what = format!("Extra field 0x{id:04X} header truncated");
                return Err(invalid(&what));
            }
            break;
        };
        let there = usize::from(length).min(fields.0.len());
        let whole = there == usize::from(length);
        let content = fields.bytes(there).unwrap_or_default();
        match id {
            LARGE => large(content, &small, header)?,
            TIMES => times(content, length, header)?,
            UNICODE_NAME | UNICODE_COMMENT => {
                let unicode = unicode(content, whole)?;
                if id == UNICODE_NAME && unicode.is_of(&small.name) {
                    header.name = unicode.text.to_vec();
                }
            }
            _ if ALIGNMENT.contains(&id) && length < 2 => {
                return Err(invalid("Alignment extra field too short"));
            }
            _ if whole => {}
            _ if is_known(id) && id != AES => return Err(too_short()),
            _ => return Err(invalid("Extra field content truncated")),
        }
    }
    Ok(())
}

fn is_known(id: u16) -> bool {
    [LARGE, NTFS, TIMES, UNICODE_COMMENT, UNICODE_NAME, AES].contains(&id)
        || ALIGNMENT.contains(&id)
}

/// Has what does not fit into the entry itself, which then holds the greatest number there.
fn large(content: &[u8], small: &Header, header: &mut Header) -> Result<(), ArchiveError> {
    let mut fields = Fields(content);
    let values = [
        (small.size, &mut header.size),
        (small.packed_size, &mut header.packed_size),
        (small.start, &mut header.start),
    ];
    for (small, value) in values {
        if small == u64::from(u32::MAX) {
            let truncated = || invalid("ZIP64 extra field truncated");
            *value = fields.u64().ok_or_else(truncated)?;
        }
    }
    Ok(())
}

/// The directory has only the first of the times.
fn times(content: &[u8], length: u16, header: &mut Header) -> Result<(), ArchiveError> {
    if length == 0 {
        return Err(invalid("Extended timestamp field is empty"));
    }
    let mut fields = Fields(content);
    // Says which of the times there are.
    fields.bytes(1).ok_or_else(too_short)?;
    if length >= 5 {
        let modified = fields.u32().ok_or_else(too_short)?;
        header.modified = header.modified.or(Some(modified));
    }
    if content.len() < length.into() {
        return Err(invalid(
            "unexpected EOF in central header of Extended Timestamp extra field",
        ));
    }
    Ok(())
}

/// A text in Unicode for one in the entry.
struct Unicode<'a> {
    checksum: u32,
    text: &'a [u8],
}

impl Unicode<'_> {
    /// Whether it is for this name, and was not left behind when that was changed.
    fn is_of(&self, name: &[u8]) -> bool {
        self.checksum == crc32(name) && std::str::from_utf8(self.text).is_ok()
    }
}

fn unicode(content: &[u8], whole: bool) -> Result<Unicode<'_>, ArchiveError> {
    if !whole {
        return Err(too_short());
    }
    let mut fields = Fields(content);
    let too_small = || invalid("Unicode extra field is too small");
    // The version of the field.
    fields.bytes(1).ok_or_else(too_small)?;
    let checksum = fields.u32().ok_or_else(too_small)?;
    Ok(Unicode {
        checksum,
        text: fields.0,
    })
}
