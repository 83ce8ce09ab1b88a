//! A tar writer without scruples, and the ways to compress what it writes.

use nupkg::{Archive, ArchiveError, Limits};
use std::io::{Cursor, Write};

/// One header with its content, in the form of GNU unless told otherwise.
#[derive(Clone)]
pub(crate) struct RawHeader {
    pub(crate) name: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) kind: u8,
    pub(crate) content: Vec<u8>,
    /// Declared, instead of the true one.
    pub(crate) size: Option<Vec<u8>>,
    pub(crate) mode: u32,
    pub(crate) modified: u64,
    /// The second half of the name's field in ustar.
    pub(crate) prefix: Option<Vec<u8>>,
    /// Added to the checksum.
    pub(crate) off_by: u32,
}

pub(crate) fn file(name: &str, content: &str) -> RawHeader {
    RawHeader {
        name: name.as_bytes().to_vec(),
        link: Vec::new(),
        kind: b'0',
        content: content.as_bytes().to_vec(),
        size: None,
        mode: 0o644,
        modified: 1_785_587_444,
        prefix: None,
        off_by: 0,
    }
}

pub(crate) fn of_kind(kind: u8, entry: RawHeader) -> RawHeader {
    RawHeader { kind, ..entry }
}

pub(crate) fn folder(name: &str) -> RawHeader {
    of_kind(b'5', file(name, ""))
}

pub(crate) fn link(name: &str, target: &str) -> RawHeader {
    RawHeader {
        link: target.as_bytes().to_vec(),
        ..of_kind(b'2', file(name, ""))
    }
}

pub(crate) fn hard_link(name: &str, target: &str) -> RawHeader {
    of_kind(b'1', link(name, target))
}

/// GNU's `L` (name) or `K` (link) for the entry after it.
pub(crate) fn long(kind: u8, text: &str) -> RawHeader {
    of_kind(kind, file("././@LongLink", &format!("{text}\0")))
}

/// `x` for the entry after it, `g` for all.
pub(crate) fn pax(kind: u8, records: &[(&str, &str)]) -> RawHeader {
    let records = records.iter().map(|(key, value)| record(key, value));
    of_kind(kind, file("PaxHeaders/x", &records.collect::<String>()))
}

/// The length counts itself.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

/// With the blocks of zeros at the end.
pub(crate) fn tar(entries: &[RawHeader]) -> Vec<u8> {
    let mut out = blocks(entries);
    out.resize(out.len() + 1024, 0);
    out
}

/// Without.
pub(crate) fn blocks(entries: &[RawHeader]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        let mut header = vec![0; 512];
        put(&mut header, 0, 100, &entry.name);
        put(
            &mut header,
            100,
            8,
            format!("{:07o}", entry.mode).as_bytes(),
        );
        let size = format!("{:011o}", entry.content.len()).into_bytes();
        put(&mut header, 124, 12, entry.size.as_ref().unwrap_or(&size));
        put(
            &mut header,
            136,
            12,
            format!("{:011o}", entry.modified).as_bytes(),
        );
        put(&mut header, 148, 8, b"        ");
        header[156] = entry.kind;
        put(&mut header, 157, 100, &entry.link);
        match &entry.prefix {
            None => put(&mut header, 257, 8, b"ustar  \0"),
            Some(prefix) => {
                put(&mut header, 257, 8, b"ustar\x0000");
                put(&mut header, 345, 155, prefix);
            }
        }
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        let sum = format!("{:06o}\0 ", sum + entry.off_by);
        put(&mut header, 148, 8, sum.as_bytes());
        out.extend(header);
        out.extend(&entry.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out
}

fn put(header: &mut [u8], at: usize, length: usize, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(length)];
    header[at..at + bytes.len()].copy_from_slice(bytes);
}

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

pub(crate) fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bz2.write_all(bytes).unwrap();
    bz2.finish().unwrap()
}

pub(crate) fn open_bytes(bytes: &[u8]) -> Result<Archive<Cursor<Vec<u8>>>, ArchiveError> {
    Archive::open(Cursor::new(bytes.to_vec()), &Limits::default())
}

pub(crate) fn open(entries: &[RawHeader]) -> Result<Archive<Cursor<Vec<u8>>>, ArchiveError> {
    open_bytes(&tar(entries))
}
