//! Damaged archives give an error that says so: never a panic, never silently less.

use super::raw_zip::{RawEntry, crc32, file, open};
use nupkg::{Archive, ArchiveError, Limits, Nuspec, PackageBuilder};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

/// Opens a package and reads all of it.
fn read_all(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = Archive::open(Cursor::new(bytes), &Limits::default())?;
    let entries = archive.entries().to_vec();
    let mut all = Vec::new();
    for entry in entries {
        let mut content = Vec::new();
        archive.read_entry(&entry)?.read_to_end(&mut content)?;
        assert_eq!(content.len() as u64, entry.size);
        all.push((entry.path, content));
    }
    archive.nuspec()?;
    Ok(all)
}

fn small_package() -> Vec<u8> {
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.2.0".parse().unwrap());
    let text = "some text, some text, some text";
    PackageBuilder::new(nuspec)
        .file("bin/ä b.txt", 0o644, text.as_bytes())
        .and_then(|package| package.file("run", 0o755, &b"#!/bin/sh"[..]))
        .and_then(|package| package.finish(Cursor::new(Vec::new())))
        .unwrap()
        .into_inner()
}

#[test]
fn cut_off_anywhere() {
    let whole = small_package();
    assert_eq!(read_all(&whole).unwrap().len(), 6);
    for length in 0..whole.len() {
        let error = read_all(&whole[..length]).expect_err("cut off").to_string();
        assert!(
            error.contains("this is not a whole zip archive"),
            "{length}: {error}"
        );
    }
}

/// With the records for large archives.
fn small_zip64() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().large_file(true);
    let xml = Nuspec::new("A".parse().unwrap(), "1".parse().unwrap()).to_xml();
    for (name, content) in [("A.nuspec", xml.as_str()), ("x", "0123456789")] {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.set_raw_zip64_extensible_data_sector(Box::new([0; 8]));
    zip.finish().unwrap().into_inner()
}

#[test]
fn any_byte_changed() {
    change_every_byte(&small_package());
}

#[test]
fn any_byte_of_a_zip64_changed() {
    let whole = small_zip64();
    assert!(whole.windows(4).any(|bytes| bytes == b"PK\x06\x06"));
    change_every_byte(&whole);
}

/// A changed byte may go unnoticed where it does not matter (a time, a spare
/// field), but content is never given out wrong, and nothing panics.
fn change_every_byte(whole: &[u8]) {
    let contents: Vec<_> = read_all(whole)
        .unwrap()
        .into_iter()
        .map(|(_, c)| c)
        .collect();
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = whole.to_vec();
            changed[at] ^= change;
            match read_all(&changed) {
                Ok(all) => {
                    for (path, content) in all {
                        assert!(
                            contents.contains(&content),
                            "byte {at}: `{path}` was read wrong"
                        );
                    }
                }
                Err(ArchiveError::Io(error)) => {
                    panic!("byte {at}: not a fault of the reader: {error}")
                }
                Err(_) => {}
            }
        }
    }
}

#[test]
fn what_is_no_zip() {
    let page = "<html>502 Bad Gateway</html>".repeat(10);
    for bytes in [&b""[..], b"PK", b"PK\x05\x06", page.as_bytes(), &[0; 5000]] {
        let error = read_all(bytes).expect_err("no zip");
        assert!(
            matches!(error, ArchiveError::NotAnArchive { .. }),
            "{error}"
        );
    }
}

#[test]
fn sizes_and_checksums_that_lie() {
    let honest = file("x", "0123456789");
    let check = |entry: RawEntry, reason: &str| {
        let mut archive = open(&[entry]).unwrap();
        let entry = archive.entries()[0].clone();
        // As long as declared is what a caller asks for; it must not get away with that.
        let mut content = vec![0; entry.size as usize];
        let error = archive.read_entry(&entry).unwrap().read_exact(&mut content);
        let error = ArchiveError::from(error.expect_err(reason));
        assert!(
            matches!(error, ArchiveError::DamagedEntry { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(reason), "{error}");
    };
    let shorter_crc = Some(crc32(b"01234"));
    check(
        RawEntry {
            crc: Some(1),
            ..honest.clone()
        },
        "checksum",
    );
    check(
        RawEntry {
            size: Some(12),
            ..honest.clone()
        },
        "2 bytes less than declared",
    );
    check(
        RawEntry {
            size: Some(5),
            crc: shorter_crc,
            ..honest.clone()
        },
        "larger than its declared",
    );
    check(
        RawEntry {
            size: Some(10),
            packed_size: Some(5),
            crc: shorter_crc,
            ..honest
        },
        "5 bytes less than declared",
    );
    let empty = RawEntry {
        crc: Some(7),
        ..file("empty", "")
    };
    let mut archive = open(&[empty]).unwrap();
    let entry = archive.entries()[0].clone();
    let mut content = archive.read_entry(&entry).unwrap();
    assert!(content.read(&mut [0; 8]).is_err());
}

#[test]
fn a_reader_that_fails_is_told_apart_from_damage() {
    struct Failing(Cursor<Vec<u8>>);
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let reader = Failing(Cursor::new(small_package()));
    let error = Archive::open(reader, &Limits::default())
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, ArchiveError::Io(_)), "{error}");
}
