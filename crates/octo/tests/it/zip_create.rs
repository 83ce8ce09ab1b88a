//! `package zip create`.

use std::fs::File;

use expect_test::expect;
use nupkg::{Archive, Limits};

use crate::run::Place;

fn place() -> Place {
    let place = Place::new();
    place.file("site/index.html", b"<html/>");
    place.file("site/bin/a b.dll", b"MZ");
    place
}

#[test]
fn packages_can_be_read() {
    let place = place();
    let create = "package zip create --id Acme.Web --version 1.2 --base-path site --out-folder out";
    place.check(
        create,
        expect![[r#"
        Package     Acme.Web
        Version     1.2.0
        Files       2
        Size        229 B
        Written to  out/Acme.Web.1.2.0.zip
        => 0
    "#]],
    );
    let path = place.home.path().join("out/Acme.Web.1.2.0.zip");
    let first = std::fs::read(&path).unwrap();
    let archive = Archive::open(File::open(&path).unwrap(), &Limits::default()).unwrap();
    let paths: Vec<&str> = archive.entries().iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["bin/a b.dll", "index.html"]);
    place.check(
        create,
        expect![[r#"
        ! Error: out/Acme.Web.1.2.0.zip is there already.
        ! Hint: Give --overwrite to replace it.
        => 1
    "#]],
    );
    place.check(
        &format!("{create} --overwrite -f basic"),
        expect![[r#"
        out/Acme.Web.1.2.0.zip
        => 0
    "#]],
    );
    assert!(
        first == std::fs::read(&path).unwrap(),
        "the same files give the same bytes"
    );
    place.check(
        &format!("{create} --overwrite --include *.html -f json"),
        expect![[r#"
            {
              "File": "out/Acme.Web.1.2.0.zip",
              "PackageId": "Acme.Web",
              "Version": "1.2.0",
              "PackageSizeBytes": 127,
              "Files": 1
            }
            => 0
        "#]],
    );
}

#[test]
fn what_is_missing_or_wrong() {
    let place = place();
    place.check(
        "package zip create",
        expect![[r#"
        ! Error: --id is missing.
        ! Hint: Give --id; --help tells more.
        => 2
    "#]],
    );
    place.check(
        "package zip create --id ../x",
        expect![[r#"
        ! Error: `../x` is not a package id: only letters, digits, `_`, `.` and `-` are allowed.
        ! Hint: Give an id such as Acme.Web with --id.
        => 2
    "#]],
    );
    place.check(
        "package zip create --id A --version 1 --include none",
        expect![[r#"
            ! Error: No file in . is included.
            ! Hint: Check --base-path and --include.
            => 1
        "#]],
    );
}
