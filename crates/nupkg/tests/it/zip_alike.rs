//! What is read of a zip is what the crate `zip` reads of it, however the archive was changed.

use super::raw_zip::{RawEntry, crc32, file, folder, link, zip};
use nupkg::{Archive, Limits};
use std::io::{Cursor, Read, Write};
use zip::read::{ArchiveOffset, Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::write::SimpleFileOptions;

/// The content of each entry, or `None` for one that is damaged.
type Contents = Vec<Option<Vec<u8>>>;

/// `None` for an archive that is refused.
fn ours(bytes: &[u8]) -> Option<Contents> {
    let mut archive = Archive::open(Cursor::new(bytes), &Limits::default()).ok()?;
    let entries = archive.entries().to_vec();
    let read = |entry| {
        let mut content = Vec::new();
        let read = archive
            .read_entry(entry)
            .map(|mut entry| entry.read_to_end(&mut content));
        read.is_ok_and(|read| read.is_ok()).then_some(content)
    };
    Some(entries.iter().map(read).collect())
}

fn theirs(bytes: &[u8]) -> Option<Contents> {
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut archive = ZipIterable::try_new(Cursor::new(bytes), config).ok()?;
    let entries: Result<Vec<OwnedZipFileEntry>, _> = archive
        .files()
        .ok()?
        .map(|entry| entry.map(OwnedZipFileEntry::from))
        .collect();
    let read = |entry: &OwnedZipFileEntry| {
        let mut reader = Cursor::new(bytes);
        let mut entry = entry
            .as_ref()
            .with_reader(&mut reader, zip::ZipReadOptions::new())
            .ok()?;
        let (mut content, size) = (Vec::new(), entry.size());
        entry.read_to_end(&mut content).ok()?;
        // Less than declared is for its callers to find out.
        (content.len() as u64 == size).then_some(content)
    };
    Some(entries.ok()?.iter().map(read).collect())
}

/// Ours refuses more: names, links, methods. What it takes is the same.
fn check(bytes: &[u8]) -> bool {
    let Some(ours) = ours(bytes) else {
        return false;
    };
    let theirs = theirs(bytes).expect("an archive in order");
    // An entry for the package's folder itself is left out by ours.
    if ours.len() == theirs.len() {
        assert_eq!(ours, theirs);
    }
    true
}

fn check_changed(bytes: &[u8]) {
    assert!(check(bytes));
    let mut taken = 0;
    for at in 0..bytes.len() {
        for change in [0x01, 0x08, 0x80, 0xff] {
            let mut changed = bytes.to_vec();
            changed[at] ^= change;
            taken += u32::from(check(&changed));
        }
        assert!(!check(&bytes[..at]));
    }
    assert!(taken > 50, "{taken}");
}

#[test]
fn archives_of_every_form() {
    for (large, comment) in [(false, ""), (true, ""), (true, "PK\x05\x06 in a comment")] {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_comment(comment).unwrap();
        let options = SimpleFileOptions::default().large_file(large);
        writer.start_file("deflated.txt", options).unwrap();
        writer.write_all("again and ".repeat(9).as_bytes()).unwrap();
        let stored = options.compression_method(zip::CompressionMethod::Stored);
        writer.start_file("stored.txt", stored).unwrap();
        writer.write_all(b"0123456789").unwrap();
        check_changed(&writer.finish().unwrap().into_inner());
    }
}

#[test]
fn names_and_extra_fields() {
    let with_extra = |fields: &[(u16, &[u8])]| {
        let mut extra = Vec::new();
        for (id, content) in fields {
            extra.extend(id.to_le_bytes());
            extra.extend((content.len() as u16).to_le_bytes());
            extra.extend(*content);
        }
        RawEntry {
            extra,
            ..file("n.txt", "content")
        }
    };
    let unicode = [&[1][..], &crc32(b"n.txt").to_le_bytes(), "ä.txt".as_bytes()].concat();
    let old = RawEntry {
        name: b"\x81\x9b".to_vec(),
        ..file("", "in code page 437")
    };
    let entries = [
        folder("d/"),
        link("d/l", "x"),
        old,
        with_extra(&[
            (0x7075, &unicode),
            (0x5455, &[1, 1, 2, 3, 4]),
            (0x9999, b""),
        ]),
    ];
    check_changed(&zip(&entries));
    let archive = Archive::open(Cursor::new(zip(&entries)), &Limits::default()).unwrap();
    let seen: Vec<_> = archive
        .entries()
        .iter()
        .map(|entry| (entry.path.as_str(), entry.modified))
        .collect();
    let dos = Some(1_785_587_444);
    let times = Some(0x0403_0201);
    assert_eq!(
        seen,
        [("d", dos), ("d/l", dos), ("ü¢", dos), ("ä.txt", times)]
    );
}
