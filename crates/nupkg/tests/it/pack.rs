//! Packing, and reading again what was packed.

use nupkg::pack::PackError;
use nupkg::{Archive, Limits, Nuspec, PackageBuilder};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};

fn nuspec() -> Nuspec {
    Nuspec {
        authors: vec!["Ann".to_owned()],
        description: Some("Web <shop>".to_owned()),
        ..Nuspec::new("Acme.Web".parse().unwrap(), "1.2.0".parse().unwrap())
    }
}

type Files<'a> = &'a [(&'a str, u32, &'a [u8])];

fn pack<'a>(mut package: PackageBuilder<'a>, files: Files<'a>) -> Vec<u8> {
    for (path, mode, content) in files {
        package = package.file(path, *mode, *content).unwrap();
    }
    package
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}

fn content<R: Read + Seek>(archive: &mut Archive<R>) -> Vec<(String, Option<u32>, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in archive.content_entries() {
        let mut bytes = Vec::new();
        archive
            .read_entry(&entry)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        all.push((entry.path, entry.mode, bytes));
    }
    all
}

#[test]
fn the_parts_of_a_nupkg() {
    let files: Files<'_> = &[
        ("web/index.HTML", 0o644, b"<p>"),
        ("bin/run", 0o755, b"#!"),
        ("a b/ü+%41.c++", 0o600, b""),
    ];
    let bytes = pack(PackageBuilder::new(nuspec()), files);
    let mut archive = Archive::open(Cursor::new(&bytes), &Limits::default()).unwrap();
    let parts: Vec<_> = archive
        .entries()
        .iter()
        .filter(|e| e.packaging)
        .cloned()
        .collect();
    let mut shown = String::new();
    for part in parts {
        shown.push_str(&format!("--- {}\n", part.path));
        archive
            .read_entry(&part)
            .unwrap()
            .read_to_string(&mut shown)
            .unwrap();
    }
    expect_test::expect_file!["parts.txt"].assert_eq(&shown);
    assert_eq!(archive.nuspec().unwrap(), nuspec());
    // Inside, names are encoded, as other clients expect.
    let raw = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert!(
        raw.file_names()
            .any(|name| name.unwrap() == "a%20b/%C3%BC%2B%2541.c%2B%2B")
    );
}

#[test]
fn neither_order_nor_moment_shows() {
    let files: Files<'_> = &[("b", 0o644, b"2"), ("a", 0o755, b"1"), ("c/d", 0o644, b"3")];
    let mut reversed = files.to_vec();
    reversed.reverse();
    for package in [
        PackageBuilder::zip as fn() -> PackageBuilder<'static>,
        || PackageBuilder::new(nuspec()),
    ] {
        assert_eq!(pack(package(), files), pack(package(), &reversed));
    }
    let bytes = pack(PackageBuilder::zip(), files);
    let mut archive = Archive::open(Cursor::new(bytes), &Limits::default()).unwrap();
    let start_of_1980 = Some(315_532_800);
    assert!(
        archive
            .entries()
            .iter()
            .all(|e| e.modified == start_of_1980)
    );
    let paths: Vec<_> = content(&mut archive)
        .into_iter()
        .map(|(path, ..)| path)
        .collect();
    assert_eq!(paths, ["a", "b", "c/d"]);
}

#[test]
fn paths_that_no_package_may_have() {
    let error = |path: &str| {
        let package = PackageBuilder::new(nuspec())
            .file("a", 0, &b""[..])
            .unwrap();
        package.file(path, 0, &b""[..]).map(|_| ()).expect_err(path)
    };
    for path in ["../x", "A", "a/b", "con.txt", "/x", ""] {
        assert!(matches!(error(path), PackError::Path { .. }), "{path}");
    }
    assert_eq!(
        error("x:y").to_string(),
        "`x:y` contains a `:`, which names a drive or a stream on Windows; rename the file or leave it out"
    );
    for path in [
        "_rels/.rels",
        "[Content_Types].xml",
        "other.nuspec",
        ".signature.p7s",
    ] {
        assert!(matches!(error(path), PackError::Reserved(_)), "{path}");
    }
    assert!(
        PackageBuilder::zip()
            .file("_rels/.rels", 0, &b""[..])
            .is_ok()
    );
}

#[test]
fn a_reader_that_fails() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
    }
    let package = PackageBuilder::zip().file("x", 0o644, Failing).unwrap();
    let error = package.finish(Cursor::new(Vec::new())).unwrap_err();
    assert_eq!(error.to_string(), "`x` could not be read");
}

/// Paths without a conflict: folders have names of their own.
fn files() -> impl Strategy<Value = BTreeMap<String, (u32, Vec<u8>)>> {
    let part = "[a-z%+ äß雪&'#~()\\[\\]@=,;!$.-]{0,6}[a-z0-9_+%雪]";
    let path = (
        prop::collection::vec(part.prop_map(|part| format!("d{part}")), 0..3),
        part,
    )
        .prop_map(|(mut folders, file)| {
            folders.push(format!("f{file}"));
            folders.join("/")
        });
    let content = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        (any::<u8>(), 0_usize..200_000).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::btree_map(path, (0_u32..=0o777, content), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn packed_and_opened_again(files in files()) {
        for mut package in [PackageBuilder::zip(), PackageBuilder::new(nuspec())] {
            for (path, (mode, bytes)) in &files {
                package = package.file(path, *mode, bytes.as_slice()).unwrap();
            }
            let bytes = package.finish(Cursor::new(Vec::new())).unwrap();
            let mut archive = Archive::open(bytes, &Limits::default()).unwrap();
            let read: BTreeMap<_, _> = content(&mut archive)
                .into_iter()
                .map(|(path, mode, bytes)| (path, (mode.unwrap(), bytes)))
                .collect();
            prop_assert_eq!(&read, &files);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Archive::open(Cursor::new(bytes), &Limits::default()).is_err());
    }
}
