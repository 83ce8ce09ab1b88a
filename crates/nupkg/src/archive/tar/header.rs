//! One header block of a tar archive: POSIX ustar, GNU's, and the older ones.
//!
//! Fields are read by the letter. Readers that make something of a field that says
//! nothing certain disagree with one another, and an archive can be built to look
//! different to each of them.

use std::borrow::Cow;

/// The size of a header, and what content is filled up to a multiple of.
pub(in crate::archive) const BLOCK: usize = 512;

/// A header whose checksum is right.
pub(in crate::archive) struct Header<'a> {
    block: &'a [u8; BLOCK],
}

impl<'a> Header<'a> {
    /// None when the checksum is wrong.
    pub(in crate::archive) fn new(block: &'a [u8; BLOCK]) -> Option<Self> {
        let header = Self { block };
        let stated = octal(header.field(148, 8))?;
        let (before, after) = (header.field(0, 148), header.field(156, 356));
        let sum = |value: fn(&u8) -> i64| {
            let bytes = before.iter().chain(after).map(value);
            bytes.sum::<i64>() + 8 * i64::from(b' ')
        };
        // Some old programs took bytes for signed.
        let right = |sum: i64| u64::try_from(sum) == Ok(stated);
        let unsigned = sum(|byte| i64::from(*byte));
        let signed = sum(|byte| i64::from(byte.cast_signed()));
        (right(unsigned) || right(signed)).then_some(header)
    }

    /// What kind of entry it is.
    pub(super) fn kind(&self) -> u8 {
        self.field(156, 1).first().copied().unwrap_or_default()
    }

    /// The name; up to 256 bytes, in two fields, in ustar.
    pub(super) fn name(&self) -> Cow<'a, [u8]> {
        let name = text(self.field(0, 100));
        let prefix = match self.field(257, 6) {
            b"ustar\0" => text(self.field(345, 155)),
            _ => &[],
        };
        match prefix {
            [] => Cow::Borrowed(name),
            _ => Cow::Owned([prefix, b"/", name].concat()),
        }
    }

    /// Where a link leads.
    pub(super) fn link(&self) -> &'a [u8] {
        text(self.field(157, 100))
    }

    /// Bytes of content.
    pub(super) fn size(&self) -> Option<u64> {
        number(self.field(124, 12)).and_then(|size| u64::try_from(size).ok())
    }

    /// Permission bits, and what else is in that field.
    pub(super) fn mode(&self) -> Option<u32> {
        number(self.field(100, 8)).and_then(|mode| u32::try_from(mode).ok())
    }

    /// Seconds since 1970-01-01 UTC.
    pub(super) fn modified(&self) -> Option<i64> {
        number(self.field(136, 12))
    }

    fn field(&self, at: usize, length: usize) -> &'a [u8] {
        self.block
            .get(at..)
            .and_then(|rest| rest.get(..length))
            .unwrap_or_default()
    }
}

/// Up to the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or GNU's form for what they can't hold: a set high bit, then
/// two's complement, the highest byte first.
fn number(field: &[u8]) -> Option<i64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 == 0 {
        return octal(field).and_then(|value| i64::try_from(value).ok());
    }
    let negative = first & 0x40 != 0;
    // The mark of this form is no part of the number.
    let first = if negative { *first } else { first & 0x7f };
    let mut value = if negative { -1_i128 } else { 0 };
    for byte in std::iter::once(&first).chain(rest) {
        value = value << 8 | i128::from(*byte);
    }
    i64::try_from(value).ok()
}

/// Octal digits between spaces, ended by a space or NUL. Nothing at all is 0.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = field
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default()
        .trim_ascii();
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{number, octal};

    #[test]
    fn numbers_say_one_thing_or_nothing() {
        for (field, expected) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"644 \0\0\0\0", Some(0o644)),
            (b"\0\0\0\0\0\0\0\0", Some(0)),
            (b"77777777", Some(0o7777_7777)),
            (b"0000648\0", None),
            (b"-000644\0", None),
            (b"6 44\0\0\0\0", None),
            (b"0x1f\0\0\0\0", None),
            (b"\x80\0\0\0\0\0\x01\0", Some(256)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xfe", Some(-2)),
            (b"\x80\0\0\0\x80\0\0\0\0\0\0\0", None),
            (b"\x80\0\0\x01\0\0\0\0\0\0\0\x05", None),
            (b"\xff\xff\xff\xff\0\0\0\0\0\0\0\0", None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
        assert_eq!(octal(&[b'7'; 30]), None);
    }
}
