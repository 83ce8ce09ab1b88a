//! What an honest tar gives out, however it is compressed.

use super::raw_tar::{
    RawHeader, bz2, file, folder, gz, hard_link, link, long, of_kind, open, open_bytes, pax, tar,
};
use super::raw_zip;
use expect_test::{Expect, expect};
use nupkg::archive::Format;
use nupkg::{Archive, ArchiveError, EntryKind, Limits, PackageExtension};
use std::io::{Cursor, Read, Seek};

/// Path, kind, mode, time and content of every entry, a line for each.
fn listing<R: Read + Seek>(archive: &mut Archive<R>) -> String {
    let entries = archive.content_entries();
    let lines = entries.iter().map(|entry| {
        let mut content = String::new();
        let mut reader = archive.read_entry(entry).unwrap();
        reader.read_to_string(&mut content).unwrap();
        let kind = match &entry.kind {
            EntryKind::File => "file".to_owned(),
            EntryKind::Directory => "folder".to_owned(),
            EntryKind::HardLink { target } => format!("= {target}"),
            EntryKind::Symlink { target } => format!("-> {target}"),
        };
        let (mode, time) = (entry.mode.unwrap(), entry.modified.unwrap());
        assert_eq!(content.len() as u64, entry.size);
        format!("{} {kind} {mode:o} {time} {content:?}", entry.path)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn check(entries: &[RawHeader], expected: &Expect) {
    expected.assert_eq(&listing(&mut open(entries).unwrap()));
}

#[test]
fn entries_of_every_kind() {
    check(
        &[
            folder("./"),
            folder("./bin/"),
            RawHeader {
                mode: 0o104_755,
                ..file("./bin/run", "#!/bin/sh")
            },
            of_kind(0, file("old", "x")),
            of_kind(0, file("old-folder/", "")),
            of_kind(b'7', file("contiguous", "y")),
            link("bin/again", "run"),
            hard_link("./bin/same", "./bin/run"),
            hard_link("bin/same-too", "bin/same"),
            file("percent%20stays", ""),
        ],
        &expect![[r##"
            bin folder 644 1785587444 ""
            bin/run file 755 1785587444 "#!/bin/sh"
            old file 644 1785587444 "x"
            old-folder folder 644 1785587444 ""
            contiguous file 644 1785587444 "y"
            bin/again -> run 644 1785587444 ""
            bin/same = bin/run 644 1785587444 ""
            bin/same-too = bin/same 644 1785587444 ""
            percent%20stays file 644 1785587444 """##]],
    );
}

#[test]
fn names_longer_than_their_field() {
    let name = format!("{}/file.txt", "folder-name".repeat(30));
    let target = format!("{}.txt", "t".repeat(150));
    let entries = [
        long(b'L', &name),
        file("cut", "gnu"),
        pax(b'g', &[("comment", "of git")]),
        pax(
            b'x',
            &[
                ("path", "päth"),
                ("mtime", "-1.5"),
                ("size", "3"),
                ("uid", "7"),
            ],
        ),
        file("cut", "pax"),
        RawHeader {
            prefix: Some(b"pre/fix".to_vec()),
            ..file("name", "ustar")
        },
        long(b'K', &target),
        long(b'L', "long/link"),
        link("cut", "cut"),
        pax(b'x', &[("linkpath", "name"), ("path", "short")]),
        link("cut", "cut"),
    ];
    let mut archive = open(&entries).unwrap();
    let listing = listing(&mut archive)
        .replace(&name, "NAME")
        .replace(&target, "TARGET");
    expect![[r#"
        NAME file 644 1785587444 "gnu"
        päth file 644 -2 "pax"
        pre/fix/name file 644 1785587444 "ustar"
        long/link -> TARGET 644 1785587444 ""
        short -> name 644 1785587444 """#]]
    .assert_eq(&listing);
}

#[test]
fn compressed_it_is_the_same_in_any_order_of_reading() {
    let entries = [file("a", &"a".repeat(3000)), file("b", "bb"), file("c", "")];
    let tar = tar(&entries);
    // Several compressed pieces one after another are one, as pigz and pbzip2 write them.
    let (front, back) = tar.split_at(700);
    for (bytes, format) in [
        (tar.clone(), Format::Tar),
        (gz(&tar), Format::TarGz),
        (bz2(&tar), Format::TarBz2),
        ([gz(front), gz(back)].concat(), Format::TarGz),
        ([bz2(front), bz2(back)].concat(), Format::TarBz2),
    ] {
        let mut archive = open_bytes(&bytes).unwrap();
        assert_eq!(archive.format(), format);
        let entries = archive.entries().to_vec();
        for at in [2, 1, 0, 0, 1] {
            let entry = &entries[at];
            // Half read, then left.
            let mut some = [0; 1];
            let _ = archive.read_entry(entry).unwrap().read(&mut some).unwrap();
            let mut content = Vec::new();
            archive
                .read_entry(entry)
                .unwrap()
                .read_to_end(&mut content)
                .unwrap();
            assert_eq!(content.len() as u64, entry.size, "{format} {}", entry.path);
            assert!(content.iter().all(|byte| [*byte] == entry.path.as_bytes()));
        }
    }
}

#[test]
fn written_by_another_program() {
    let mut builder = tar::Builder::new(Vec::new());
    let long = format!("{}/x", "d".repeat(200));
    for name in ["plain", long.as_str()] {
        let mut header = tar::Header::new_gnu();
        header.set_size(4);
        header.set_mode(0o755);
        header.set_mtime(86_400);
        builder
            .append_data(&mut header, name, &b"data"[..])
            .unwrap();
    }
    let bytes = builder.into_inner().unwrap();
    let listing = listing(&mut open_bytes(&bytes).unwrap()).replace(&long, "LONG");
    expect![[r#"
        plain file 755 86400 "data"
        LONG file 755 86400 "data""#]]
    .assert_eq(&listing);
}

#[test]
fn the_extension_has_to_be_that_of_the_format() {
    let tar = tar(&[file("a.nuspec", "")]);
    let zip = raw_zip::zip(&[raw_zip::file("a.nuspec", "")]);
    let open = |bytes: &[u8], extension| {
        let archive = Archive::open_as(Cursor::new(bytes.to_vec()), extension, &Limits::default());
        archive.map(|archive| (archive.format(), archive.is_nupkg()))
    };
    use PackageExtension as E;
    for (bytes, extension, expected) in [
        (&tar, E::Tar, (Format::Tar, false)),
        (&gz(&tar), E::TarGz, (Format::TarGz, false)),
        (&gz(&tar), E::Tgz, (Format::TarGz, false)),
        (&bz2(&tar), E::TarBz2, (Format::TarBz2, false)),
        (&zip, E::Zip, (Format::Zip, false)),
        (&zip, E::Nupkg, (Format::Zip, true)),
    ] {
        assert_eq!(open(bytes, extension).unwrap(), expected, "{extension}");
    }
    expect!["a .nupkg package has to be a zip archive, but this is a tar.gz archive; give the file the extension of its format"]
        .assert_eq(&open(&gz(&tar), E::Nupkg).unwrap_err().to_string());
    assert!(matches!(
        open(b"no archive", E::Tar),
        Err(ArchiveError::NotAnArchive { .. })
    ));
}
