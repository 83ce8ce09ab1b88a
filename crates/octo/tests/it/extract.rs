//! `package extract`: as a deployment would, and never over what is there.

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::Path;

use expect_test::expect;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::run::Place;

/// An entry of a zip.
pub(crate) enum Item<'a> {
    /// Name, content and mode.
    File(&'a str, &'a str, u32),
    Folder(&'a str),
    /// Name and target.
    Link(&'a str, &'a str),
}

/// A zip of these entries, whatever their names; nothing is compressed.
pub(crate) fn zip(items: &[Item]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for item in items {
        match item {
            Item::File(name, content, mode) => {
                let options = options.unix_permissions(*mode);
                zip.start_file(*name, options).unwrap();
                zip.write_all(content.as_bytes()).unwrap();
            }
            Item::Folder(name) => zip.add_directory(*name, options).unwrap(),
            Item::Link(name, target) => zip.add_symlink(*name, *target, options).unwrap(),
        }
    }
    zip.finish().unwrap().into_inner()
}

/// Everything below a folder, a line each.
fn tree(folder: &Path) -> String {
    let mut tree = String::new();
    for entry in walkdir::WalkDir::new(folder)
        .min_depth(1)
        .sort_by_file_name()
    {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(folder).unwrap().display();
        let kind = entry.file_type();
        if kind.is_symlink() {
            let target = std::fs::read_link(entry.path()).unwrap();
            writeln!(tree, "{path} -> {}", target.display()).unwrap();
        } else if kind.is_dir() {
            writeln!(tree, "{path}/").unwrap();
        } else {
            let content = std::fs::read(entry.path()).unwrap();
            let content = String::from_utf8_lossy(&content);
            writeln!(tree, "{path} {content:?} {}", mode(entry.path())).unwrap();
        }
    }
    tree
}

#[cfg(unix)]
fn mode(path: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    format!("{:o}", mode & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> String {
    String::new()
}

const NUSPEC: &str =
    "<package><metadata><id>Acme.Web</id><version>1.2.0</version></metadata></package>";

fn place() -> Place {
    let place = Place::new();
    let nupkg = zip(&[
        Item::File("Acme.Web.nuspec", NUSPEC, 0o644),
        Item::File("[Content_Types].xml", "<Types/>", 0o644),
        Item::File("_rels/.rels", "<x/>", 0o644),
        Item::Folder("logs"),
        Item::File("PreDeploy.sh", "#!/bin/sh\n", 0o755),
        Item::File("bin/a%20b.dll", "MZ", 0o644),
        Item::Link("bin/current", "a b.dll"),
    ]);
    place.file("a.nupkg", &nupkg);
    place
}

#[cfg(unix)]
#[test]
fn as_a_deployment_would() {
    let place = place();
    place.check(
        "package extract a.nupkg --out deep/out",
        expect![[r#"
        Package       Acme.Web
        Version       1.2.0
        Files         3
        Extracted to  deep/out
        => 0
    "#]],
    );
    expect![[r##"
        PreDeploy.sh "#!/bin/sh\n" 755
        bin/
        bin/a b.dll "MZ" 644
        bin/current -> a b.dll
        logs/
    "##]]
    .assert_eq(&tree(&place.home.path().join("deep/out")));
    std::fs::create_dir(place.home.path().join("empty")).unwrap();
    place.check(
        "package extract a.nupkg --out empty -f json",
        expect![[r#"
        {
          "Folder": "empty",
          "PackageId": "Acme.Web",
          "Version": "1.2.0",
          "Files": 3
        }
        => 0
    "#]],
    );
    std::fs::create_dir(place.home.path().join("other")).unwrap();
    std::os::unix::fs::symlink("other", place.home.path().join("link")).unwrap();
    place.check(
        "package extract a.nupkg --out link -f basic",
        expect![[r#"
        link
        => 0
    "#]],
    );
    let first = tree(&place.home.path().join("empty"));
    assert_eq!(first, tree(&place.home.path().join("deep/out")));
    assert_eq!(first, tree(&place.home.path().join("other")));
}

#[test]
fn nothing_is_overwritten() {
    let place = place();
    place.file("out/mine.txt", b"mine");
    place.check(
        "package extract a.nupkg --out out",
        expect![[r#"
        ! Error: out is not empty.
        ! Hint: Give a new or an empty folder with --out.
        => 1
    "#]],
    );
    assert!(tree(&place.home.path().join("out")).starts_with("mine.txt \"mine\""));
    place.check(
        "package extract a.nupkg --out a.nupkg",
        expect![[r#"
        ! Error: a.nupkg cannot be written to.
        ! Cause: Not a directory (os error 20)
        => 1
    "#]],
    );
    place.check(
        "package extract a.nupkg --out=",
        expect![[r#"
        ! error: a value is required for '--out <FOLDER>' but none was supplied
        ! 
        ! For more information, try '--help'.
        => 2
    "#]],
    );
    place.check(
        "package extract a.nupkg",
        expect![[r#"
        ! Error: --out is missing.
        ! Hint: Give --out; --help tells more.
        => 2
    "#]],
    );
    place.check(
        "package extract none.nupkg --out new",
        expect![[r#"
        ! Error: none.nupkg cannot be read.
        ! Cause: No such file or directory (os error 2)
        => 1
    "#]],
    );
    assert!(!place.home.path().join("new").exists());
}

#[test]
fn hostile_packages_are_refused_whole() {
    let place = Place::new();
    let fine = || Item::File("fine.txt", "fine", 0o644);
    let mut seen = String::new();
    for hostile in [
        Item::File("../out.txt", "x", 0o644),
        Item::File("/etc/passwd", "x", 0o644),
        Item::File("C:/x", "x", 0o644),
        Item::File("NUL.txt", "x", 0o644),
        Item::File("FINE.txt", "x", 0o644),
        Item::Link("link", "../.."),
    ] {
        place.file("a.zip", &zip(&[fine(), hostile]));
        seen.push_str(&place.transcript("package extract a.zip --out out"));
        assert!(!place.home.path().join("out").exists());
    }
    expect![[r#"
        ! Error: a.zip cannot be opened.
        ! Cause: entry `../out.txt` leaves the package's folder; the package was refused, nothing was extracted
        => 1
        ! Error: a.zip cannot be opened.
        ! Cause: entry `/etc/passwd` is an absolute path; the package was refused, nothing was extracted
        => 1
        ! Error: a.zip cannot be opened.
        ! Cause: entry `C:/x` contains a `:`, which names a drive or a stream on Windows; the package was refused, nothing was extracted
        => 1
        ! Error: a.zip cannot be opened.
        ! Cause: entry `NUL.txt` is a device on Windows; the package was refused, nothing was extracted
        => 1
        ! Error: a.zip cannot be opened.
        ! Cause: entry `FINE.txt` occurs twice, or differs only by case from another entry; the package was refused, nothing was extracted
        => 1
        ! Error: a.zip cannot be opened.
        ! Cause: entry `link` is a link that leaves the package's folder; the package was refused, nothing was extracted
        => 1
    "#]].assert_eq(&seen);
    assert_eq!(tree(place.home.path()).lines().count(), 1);
}

#[test]
fn a_damaged_package_leaves_nothing() {
    let place = Place::new();
    let mut bytes = zip(&[
        Item::File("first.txt", "whole", 0o644),
        Item::File("second.txt", "damaged", 0o644),
    ]);
    let at = bytes
        .windows(7)
        .position(|part| part == b"damaged")
        .unwrap();
    bytes[at] = b'D';
    place.file("a.zip", &bytes);
    place.check(
        "package extract a.zip --out out",
        expect![[r#"
        ! Error: a.zip cannot be extracted; nothing was left in out.
        ! Cause: entry `second.txt` is damaged (Invalid checksum); fetch or build the package again
        => 1
    "#]],
    );
    std::fs::create_dir(place.home.path().join("empty")).unwrap();
    place.check(
        "package extract a.zip --out empty -f basic",
        expect![[r#"
        ! Error: a.zip cannot be extracted; nothing was left in empty.
        ! Cause: entry `second.txt` is damaged (Invalid checksum); fetch or build the package again
        => 1
    "#]],
    );
    assert_eq!(tree(&place.home.path().join("empty")), "");
    assert!(!place.home.path().join("out").exists());
}

#[test]
fn a_tar_as_it_is() {
    let place = Place::new();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    for (name, content, mode) in [("bin/run", "#!/bin/sh", 0o755), ("a%20b", "", 0o644)] {
        header.set_size(content.len() as u64);
        header.set_mode(mode);
        tar.append_data(&mut header, name, content.as_bytes())
            .unwrap();
    }
    header.set_entry_type(tar::EntryType::Link);
    tar.append_link(&mut header, "same", "bin/run").unwrap();
    place.file("Acme.Web.1.2.0.tar", &tar.into_inner().unwrap());
    place.check(
        "package inspect Acme.Web.1.2.0.tar",
        expect![[r#"
            Package  Acme.Web
            Version  1.2.0
            Size     3.07 kB

            Path     Size  Mode  Kind
            bin/run   9 B  755   file
            a%20b     0 B  644   file
            same      0 B  644   copy of bin/run
            => 0
        "#]],
    );
    place.check(
        "package extract Acme.Web.1.2.0.tar --out new",
        expect![[r#"
            Package       Acme.Web
            Version       1.2.0
            Files         3
            Extracted to  new
            => 0
        "#]],
    );
    expect![[r##"
        a%20b "" 644
        bin/
        bin/run "#!/bin/sh" 755
        same "#!/bin/sh" 644
    "##]]
    .assert_eq(&tree(&place.home.path().join("new")));
}
