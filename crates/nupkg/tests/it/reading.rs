//! What an honest archive gives out.

use super::raw_zip::{RawEntry, file, folder, open, with_mode, zip};
use nupkg::{Archive, ArchiveError, EntryKind, Limits};
use std::io::{Cursor, Read};

const NUSPEC: &str =
    "<package><metadata><id>Acme.Web</id><version>1.2</version></metadata></package>";

#[test]
fn entries_of_a_plain_zip() {
    let mut archive = open(&[
        folder("bin/"),
        with_mode(file("bin/run", "#!/bin/sh"), 0o104_755),
        RawEntry {
            made_by: 0,
            attributes: 0,
            ..file("web\\index%20.html", "<p>")
        },
        RawEntry {
            made_by: 0,
            attributes: 0x10,
            ..file("dos-folder", "")
        },
        folder("./"),
        file("./package/services/metadata/x", ""),
        file("_rels/x", ""),
    ])
    .unwrap();
    assert!(!archive.is_nupkg());
    let entries = archive.content_entries();
    let seen: Vec<_> = entries
        .iter()
        .map(|e| (e.path.as_str(), &e.kind, e.size, e.mode))
        .collect();
    let (f, d) = (&EntryKind::File, &EntryKind::Directory);
    assert_eq!(
        seen,
        [
            ("bin", d, 0, Some(0o755)),
            ("bin/run", f, 9, Some(0o755)),
            ("web/index%20.html", f, 3, None),
            ("dos-folder", d, 0, None),
            ("package/services/metadata/x", f, 0, Some(0o644)),
            ("_rels/x", f, 0, Some(0o644)),
        ]
    );
    let mut text = String::new();
    archive
        .read_entry(&entries[1])
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "#!/bin/sh");
    let mut folder = archive.read_entry(&entries[0]).unwrap();
    assert_eq!(folder.read(&mut [0; 8]).unwrap(), 0);
}

#[test]
fn a_nupkg_is_decoded_and_loses_its_packaging() {
    let mut archive = open(&[
        file("_rels/.rels", "x"),
        file("Acme.Web.nuspec", NUSPEC),
        file("content/my%20file%2B.txt", "x"),
        file("content/100%.txt", "x"),
        file("content/%FF%C3%A4%zz", "x"),
        file("content/inner.nuspec", "x"),
        file("package/services/metadata/core-properties/1.psmdcp", "x"),
        file("package/notes.txt", "x"),
        file("%5BContent_Types%5D.xml", "x"),
        file(".signature.p7s", "x"),
    ])
    .unwrap();
    assert!(archive.is_nupkg());
    assert_eq!(archive.entries().len(), 10);
    let paths: Vec<_> = archive
        .content_entries()
        .into_iter()
        .map(|e| e.path)
        .collect();
    assert_eq!(
        paths,
        [
            "content/my file+.txt",
            "content/100%.txt",
            "content/%FFä%zz",
            "content/inner.nuspec",
            "package/notes.txt",
        ]
    );
    assert_eq!(archive.nuspec().unwrap().id.as_str(), "Acme.Web");
}

#[test]
fn names_in_the_old_code_page() {
    let entry = RawEntry {
        name: b"M\x81ller.txt".to_vec(),
        ..file("", "")
    };
    assert_eq!(open(&[entry]).unwrap().entries()[0].path, "Müller.txt");
}

#[test]
fn times_of_change() {
    // 2026-08-01 12:30:44 in the entry; the extended timestamp knows better.
    let extended = [
        b"UT".as_slice(),
        &[5, 0, 1],
        &1_700_000_000_u32.to_le_bytes(),
    ]
    .concat();
    let archive = open(&[
        file("dos", ""),
        RawEntry {
            extra: extended,
            ..file("extended", "")
        },
    ])
    .unwrap();
    let times: Vec<_> = archive.entries().iter().map(|e| e.modified).collect();
    assert_eq!(times, [Some(1_785_587_444), Some(1_700_000_000)]);
}

#[test]
fn which_nuspec() {
    let error = |entries: &[RawEntry]| open(entries).unwrap().nuspec().unwrap_err();
    assert!(matches!(
        error(&[file("a/x.nuspec", NUSPEC)]),
        ArchiveError::NoNuspec
    ));
    assert!(matches!(
        error(&[file("a.nuspec", NUSPEC), file("B.NuSpec", NUSPEC)]),
        ArchiveError::ManyNuspecs { .. }
    ));
    assert!(matches!(
        error(&[file("a.nuspec", "<x/>")]),
        ArchiveError::Nuspec { .. }
    ));
    let long = NUSPEC.to_owned() + &" ".repeat(1024 * 1024);
    let message = error(&[file("a.nuspec", &long)]).to_string();
    assert!(
        message.contains("more than the limit of 1048576"),
        "{message}"
    );
}

#[test]
fn an_entry_of_another_archive_is_not_read() {
    let other = open(&[file("x", "1"), file("y", "22")]).unwrap();
    let mut archive = open(&[file("x", "1")]).unwrap();
    let known = archive.entries()[0].clone();
    assert!(archive.read_entry(&known).is_ok());
    assert!(matches!(
        archive.read_entry(&other.entries()[1]),
        Err(ArchiveError::NoSuchEntry(path)) if path == "y"
    ));
}

#[test]
fn an_empty_archive_has_no_entries() {
    let archive = Archive::open(Cursor::new(zip(&[])), &Limits::default()).unwrap();
    assert!(archive.entries().is_empty());
}
