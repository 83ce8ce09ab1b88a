//! `package nuget create`: what it writes can be read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use expect_test::{Expect, expect};
use nupkg::{Archive, Limits};

use crate::run::Place;

fn place() -> Place {
    let place = Place::new();
    for (name, content) in [
        ("site/web.config", "<configuration/>"),
        ("site/bin/Acme Web.dll", "MZ"),
        ("site/bin/Acme Web.pdb", "symbols"),
        ("site/PreDeploy.sh", "#!/bin/sh\n"),
    ] {
        place.file(name, content.as_bytes());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let script = place.home.path().join("site/PreDeploy.sh");
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    place
}

/// What nupkg finds in a package.
fn read(path: &Path) -> String {
    let mut archive = Archive::open(File::open(path).unwrap(), &Limits::default()).unwrap();
    let nuspec = archive.nuspec().unwrap();
    let mut found = format!("{} {}\n", nuspec.id, nuspec.version);
    for text in [nuspec.title, nuspec.description, nuspec.release_notes] {
        found.push_str(&format!("{text:?}\n"));
    }
    found.push_str(&format!("{:?}\n", nuspec.authors));
    for entry in archive.content_entries() {
        let mut content = String::new();
        let mut reader = archive.read_entry(&entry).unwrap();
        reader.read_to_string(&mut content).unwrap();
        found.push_str(&format!("{} {content:?}\n", entry.path));
    }
    found
}

fn holds(arguments: &str, expected: Expect) {
    let place = place();
    let output = place.run(&format!(
        "package nuget create --id Acme.Web -v 1.2 {arguments} -f basic"
    ));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let path = String::from_utf8(output.stdout).unwrap();
    expected.assert_eq(&read(&place.home.path().join(path.trim())));
}

#[test]
fn packages_can_be_read() {
    holds(
        "--base-path site",
        expect![[r##"
        Acme.Web 1.2.0
        None
        Some("Acme.Web")
        None
        ["Acme.Web"]
        PreDeploy.sh "#!/bin/sh\n"
        bin/Acme Web.dll "MZ"
        bin/Acme Web.pdb "symbols"
        web.config "<configuration/>"
    "##]],
    );
    holds(
        "--base-path site --out-folder a/b --include ./bin/*.dll *.config --author Ada --author Ben \
         --title Acme --description Web --release-notes New",
        expect![[r#"
            Acme.Web 1.2.0
            Some("Acme")
            Some("Web")
            Some("New")
            ["Ada", "Ben"]
            bin/Acme Web.dll "MZ"
            web.config "<configuration/>"
        "#]],
    );
    holds(
        "--include {site/*.sh,**/*.pdb} --release-notes-file site/web.config",
        expect![[r##"
            Acme.Web 1.2.0
            None
            Some("Acme.Web")
            Some("<configuration/>")
            ["Acme.Web"]
            site/PreDeploy.sh "#!/bin/sh\n"
            site/bin/Acme Web.pdb "symbols"
        "##]],
    );
}

#[test]
fn the_outcome() {
    let place = place();
    let create =
        "package nuget create --id Acme.Web --version 1.2.0 --base-path site --out-folder out";
    let bytes = || std::fs::read(place.home.path().join("out/Acme.Web.1.2.0.nupkg")).unwrap();
    place.check(
        create,
        expect![[r#"
        Package     Acme.Web
        Version     1.2.0
        Files       4
        Size        1.85 kB
        Written to  out/Acme.Web.1.2.0.nupkg
        => 0
    "#]],
    );
    let first = bytes();
    place.check(
        create,
        expect![[r#"
        ! Error: out/Acme.Web.1.2.0.nupkg is there already.
        ! Hint: Give --overwrite to replace it.
        => 1
    "#]],
    );
    place.check(
        &format!("{create} --overwrite -f json"),
        expect![[r#"
        {
          "File": "out/Acme.Web.1.2.0.nupkg",
          "PackageId": "Acme.Web",
          "Version": "1.2.0",
          "PackageSizeBytes": 1848,
          "Files": 4
        }
        => 0
    "#]],
    );
    assert!(first == bytes(), "the same files give the same bytes");
    place.check(
        &format!("{create} --include nothing --overwrite"),
        expect![[r#"
            ! Error: No file in site is included.
            ! Hint: Check --base-path and --include.
            => 1
        "#]],
    );
    place.check(
        "package nuget create --id A --version 1 --base-path nowhere",
        expect![[r#"
            ! Error: nowhere cannot be read.
            ! Cause: No such file or directory (os error 2)
            => 1
        "#]],
    );
    let left: Vec<_> = std::fs::read_dir(place.home.path().join("out"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "no draft is left: {left:?}");
}

#[test]
fn a_package_made_in_place_does_not_hold_its_predecessors() {
    let place = Place::new();
    place.file("a.txt", b"a");
    place.file("other/Acme.1.0.0.nupkg", b"kept");
    for version in ["1.0.0", "1.1.0", "1.1.0 --overwrite"] {
        let arguments = format!("package nuget create --id Acme --version {version}");
        assert!(place.run(&arguments).status.success());
    }
    expect![[r#"
        Acme 1.1.0
        None
        Some("Acme")
        None
        ["Acme"]
        a.txt "a"
        other/Acme.1.0.0.nupkg "kept"
    "#]]
    .assert_eq(&read(&place.home.path().join("Acme.1.1.0.nupkg")));
}

#[test]
fn a_version_is_made_from_the_time() {
    let place = Place::new();
    place.file("a.txt", b"a");
    let output = place.run("package nuget create --id Acme -f json");
    let made: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let version = made["Version"].as_str().unwrap();
    let parts: Vec<u32> = version
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect();
    assert!(
        matches!(
            parts.as_slice(),
            [2024..=u32::MAX, 1..=12, 1..=31, ..=235_959]
        ),
        "{version}"
    );
}

#[cfg(unix)]
#[test]
fn scripts_stay_executable_and_the_package_is_for_everybody() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    place.run("package nuget create --id Acme.Web --version 1.2.0 --base-path site");
    let path = place.home.path().join("Acme.Web.1.2.0.nupkg");
    let archive = Archive::open(File::open(&path).unwrap(), &Limits::default()).unwrap();
    let modes: Vec<_> = archive
        .content_entries()
        .into_iter()
        .map(|entry| {
            format!(
                "{} {:o}",
                entry.path,
                entry.mode.unwrap_or_default() & 0o777
            )
        })
        .collect();
    expect![[r#"
        PreDeploy.sh 755
        bin/Acme Web.dll 644
        bin/Acme Web.pdb 644
        web.config 644"#]]
    .assert_eq(&modes.join("\n"));
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_ne!(mode & 0o077, 0, "only its maker could read it");
}
