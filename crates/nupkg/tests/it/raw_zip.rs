//! A zip writer without scruples: every field can be made to lie.

use nupkg::{Archive, ArchiveError, Limits};
use std::io::Cursor;

/// One entry, stored. The defaults are honest.
#[derive(Clone)]
pub(crate) struct RawEntry {
    pub(crate) name: Vec<u8>,
    pub(crate) content: Vec<u8>,
    /// Bit 0: encrypted.
    pub(crate) flags: u16,
    /// 0: stored; 8: deflated.
    pub(crate) method: u16,
    /// The high byte is the system: 0 DOS, 3 Unix.
    pub(crate) made_by: u16,
    /// The Unix mode with its type bits is in the upper half.
    pub(crate) attributes: u32,
    /// Declared size, instead of the true one.
    pub(crate) size: Option<u32>,
    pub(crate) packed_size: Option<u32>,
    pub(crate) crc: Option<u32>,
    /// Extra fields of the directory.
    pub(crate) extra: Vec<u8>,
    /// Uses the data of this entry instead of its own.
    pub(crate) shares_data_of: Option<usize>,
}

pub(crate) fn file(name: &str, content: &str) -> RawEntry {
    RawEntry {
        name: name.as_bytes().to_vec(),
        content: content.as_bytes().to_vec(),
        flags: 0,
        method: 0,
        made_by: 3 << 8,
        attributes: 0o100_644 << 16,
        size: None,
        packed_size: None,
        crc: None,
        extra: Vec::new(),
        shares_data_of: None,
    }
}

pub(crate) fn folder(name: &str) -> RawEntry {
    with_mode(file(name, ""), 0o040_755)
}

pub(crate) fn link(name: &str, target: &str) -> RawEntry {
    with_mode(file(name, target), 0o120_777)
}

pub(crate) fn with_mode(entry: RawEntry, mode: u32) -> RawEntry {
    RawEntry {
        attributes: mode << 16,
        ..entry
    }
}

/// 2026-08-01 12:30:44, as DOS writes it: time, then date.
const TIME: [u16; 2] = [
    (12 << 11) | (30 << 5) | 22,
    ((2026 - 1980) << 9) | (8 << 5) | 1,
];

pub(crate) fn zip(entries: &[RawEntry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut offsets = Vec::new();
    for entry in entries {
        let offset = entry
            .shares_data_of
            .map_or(out.len(), |index| offsets[index]);
        offsets.push(offset);
        if entry.shares_data_of.is_none() {
            out.extend(b"PK\x03\x04");
            put16(&mut out, &[20, entry.flags, entry.method, TIME[0], TIME[1]]);
            put_sizes(&mut out, entry);
            put16(&mut out, &[entry.name.len() as u16, 0]);
            out.extend(&entry.name);
            out.extend(&entry.content);
        }
    }
    let start = out.len();
    for (entry, offset) in entries.iter().zip(offsets) {
        out.extend(b"PK\x01\x02");
        put16(
            &mut out,
            &[
                entry.made_by | 20,
                20,
                entry.flags,
                entry.method,
                TIME[0],
                TIME[1],
            ],
        );
        put_sizes(&mut out, entry);
        let (name, extra) = (entry.name.len() as u16, entry.extra.len() as u16);
        put16(&mut out, &[name, extra, 0, 0, 0]);
        put32(&mut out, &[entry.attributes, offset as u32]);
        out.extend(&entry.name);
        out.extend(&entry.extra);
    }
    let size = (out.len() - start) as u32;
    out.extend(b"PK\x05\x06");
    let count = entries.len() as u16;
    put16(&mut out, &[0, 0, count, count]);
    put32(&mut out, &[size, start as u32]);
    put16(&mut out, &[0]);
    out
}

pub(crate) fn open(entries: &[RawEntry]) -> Result<Archive<Cursor<Vec<u8>>>, ArchiveError> {
    Archive::open(Cursor::new(zip(entries)), &Limits::default())
}

fn put_sizes(out: &mut Vec<u8>, entry: &RawEntry) {
    let length = entry.content.len() as u32;
    put32(
        out,
        &[
            entry.crc.unwrap_or_else(|| crc32(&entry.content)),
            entry.packed_size.unwrap_or(length),
            entry.size.unwrap_or(length),
        ],
    );
}

fn put16(out: &mut Vec<u8>, values: &[u16]) {
    values
        .iter()
        .for_each(|value| out.extend(value.to_le_bytes()));
}

fn put32(out: &mut Vec<u8>, values: &[u32]) {
    values
        .iter()
        .for_each(|value| out.extend(value.to_le_bytes()));
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}
