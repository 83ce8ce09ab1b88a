//! Package ids and the names of package files.

use expect_test::{Expect, expect};
use nupkg::{PackageExtension, PackageFileName, PackageId};
use proptest::prelude::*;
use std::collections::HashSet;

#[test]
fn ids() {
    let longest = "a".repeat(100);
    for id in [
        "Acme.Web",
        "a",
        "_",
        "7zip",
        "Octopus.Tentacle.linux-x64",
        "a.1.2",
        "Größe",
        &longest,
    ] {
        assert_eq!(PackageId::parse(id).unwrap().to_string(), id);
    }
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&PackageId::parse(text).unwrap_err().to_string());
    };
    check("", expect!["`` is not a package id: it is empty"]);
    check(
        "a b",
        expect!["`a b` is not a package id: only letters, digits, `_`, `.` and `-` are allowed"],
    );
    check(
        "../a",
        expect!["`../a` is not a package id: only letters, digits, `_`, `.` and `-` are allowed"],
    );
    check(
        "a..b",
        expect![
            "`a..b` is not a package id: a dot or dash must stand between two letters, digits or `_`"
        ],
    );
    check(
        "nul.x",
        expect!["`nul.x` is not a package id: Windows keeps this name for a device"],
    );
    for id in [".a", "a.", "-a", "a-", "a.-b", "a--b", "."] {
        assert!(PackageId::parse(id).is_err(), "{id}");
    }
    check(
        &format!("{longest}a"),
        expect![
            "`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` is not a package id: it is longer than 100 characters"
        ],
    );
}

#[test]
fn ids_are_compared_without_case() {
    let id = |text: &str| PackageId::parse(text).unwrap();
    assert_eq!(id("Acme.Web"), id("acme.WEB"));
    assert_eq!(
        HashSet::from([id("Acme.Web"), id("acme.WEB"), id("Acme")]).len(),
        2
    );
    assert!(id("acme.a") < id("Acme.B"));
    assert_eq!(id("Acme.Web").file_stem(), "acme.web");
}

#[test]
fn file_names() {
    let check = |name: &str, expected: Expect| {
        let shown = match PackageFileName::parse(name) {
            Ok(name) => format!("{} | {} | {}", name.id, name.version, name.extension),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&shown);
    };
    check(
        "Octopus.Tentacle.linux-x64.1.0.0.nupkg",
        expect!["Octopus.Tentacle.linux-x64 | 1.0.0 | .nupkg"],
    );
    check("Acme.Web.1.2.zip", expect!["Acme.Web | 1.2.0 | .zip"]);
    check(
        "acme.10.20.30.40-rc.1.2+sha.5.TAR.GZ",
        expect!["acme | 10.20.30.40-rc.1.2 | .tar.gz"],
    );
    check("a.b.2.1.0.0.0.tgz", expect!["a.b.2 | 1.0.0 | .tgz"]);
    check("My-App_1.3.tar.bz2", expect!["My-App_1 | 3.0.0 | .tar.bz2"]);
    check("Tool.7.0.tar", expect!["Tool | 7.0.0 | .tar"]);
    check(
        "Acme-1.0-beta.1.0.0.nupkg",
        expect!["Acme-1 | 0.0.0-beta.1.0.0 | .nupkg"],
    );
    check(
        "Acme.Web.nupkg",
        expect![
            "`Acme.Web.nupkg` is not the name of a package file: it must be an id, a dot and a version, such as Acme.Web.1.2.0.nupkg"
        ],
    );
    check("1.0.0.nupkg", expect!["1 | 0.0.0 | .nupkg"]);
    check(
        "Acme.1.0.exe",
        expect![
            "`Acme.1.0.exe` is not the name of a package file: it must end with .nupkg, .zip, .tar, .tar.gz, .tgz or .tar.bz2"
        ],
    );
    check(
        "a/b.1.0.zip",
        expect![
            "`a/b.1.0.zip` is not the name of a package file: it must be an id, a dot and a version, such as Acme.Web.1.2.0.nupkg"
        ],
    );
    check(
        ".zip",
        expect![
            "`.zip` is not the name of a package file: it must be an id, a dot and a version, such as Acme.Web.1.2.0.nupkg"
        ],
    );
    check(
        "ä",
        expect![
            "`ä` is not the name of a package file: it must end with .nupkg, .zip, .tar, .tar.gz, .tgz or .tar.bz2"
        ],
    );
}

#[test]
fn the_extension_alone() {
    assert_eq!(
        PackageExtension::split("a.Tar.Gz"),
        Some(("a", PackageExtension::TarGz))
    );
    assert_eq!(PackageExtension::split("a.gz"), None);
}

proptest! {
    #[test]
    fn file_names_round_trip(
        id in "[A-Za-z_]{1,8}([.-][A-Za-z_]{1,6}){0,3}",
        version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}(-[a-z]{1,3}(\\.[0-9]{1,2})?)?",
        extension in prop::sample::select(&PackageExtension::ALL[..]),
    ) {
        prop_assume!(PackageId::parse(&id).is_ok());
        let name = PackageFileName {
            id: id.parse().unwrap(),
            version: version.parse().unwrap(),
            extension,
        };
        prop_assert_eq!(PackageFileName::parse(&name.to_string()).unwrap(), name);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,20}(\\.nupkg|\\.tar\\.gz)?") {
        let _ = PackageFileName::parse(&text);
        let _ = PackageId::parse(&text);
    }
}
