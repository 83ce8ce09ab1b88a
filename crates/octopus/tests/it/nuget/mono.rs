//! `nuget` 2.8 as Debian packages it: the v2 protocol.

use std::fs;

use super::{Desk, is_missing, is_on_path};
use crate::{feed::listed, packages, world::World};

fn desk(world: &World) -> Option<Desk> {
    let is_there = is_on_path("nuget") && is_on_path("script");
    (!is_missing("Debian's nuget", is_there)).then(|| Desk::new(world, &["nuget"]))
}

#[test]
fn debians_nuget_packs_pushes_lists_installs_and_deletes() {
    let world = World::new();
    let Some(desk) = desk(&world) else { return };
    let source = format!("{}/nuget/v2/", desk.url);
    for (id, version) in [("Acme.Lib", "1.0.0"), ("Acme.Web", "1.10.0")] {
        desk.packs(id, version);
    }
    desk.does(&["push", "'*.nupkg'", &desk.key, "-Source", &source]);
    for (id, version) in [
        ("Acme.Lib", "2.0.0"),
        ("Acme.Web", "1.9.0"),
        ("Acme.Web", "1.11.0-beta"),
    ] {
        world.push(&packages::package(id, version, 10, 1));
    }
    // This client can't read versions of SemVer 2: the feed keeps them from it.
    world.push(&packages::package("Acme.Web", "1.12.0-rc.1", 10, 1));
    let list = |more: &[&str]| {
        let mut found = desk.lists(&[&["list", "-Source", "v2"], more].concat());
        found.sort();
        found.join(", ")
    };
    assert_eq!(list(&[]), "Acme.Lib 2.0.0, Acme.Web 1.10.0");
    assert_eq!(list(&["web", "-Prerelease"]), "Acme.Web 1.11.0-beta");
    assert_eq!(
        list(&["Web", "-AllVersions"]),
        "Acme.Web 1.10.0, Acme.Web 1.9.0"
    );
    desk.does(&[
        "install",
        "Acme.Web",
        "-Source",
        "v2",
        "-OutputDirectory",
        "out",
    ]);
    assert_eq!(desk.installed("out"), ["Acme.Lib.1.0.0", "Acme.Web.1.10.0"]);
    let content = desk.folder.join("out/Acme.Web.1.10.0/content/content.txt");
    assert_eq!(fs::read_to_string(content).unwrap(), "first");
    desk.does(&[
        "delete", "Acme.Web", "1.10.0", &desk.key, "-Source", &source,
    ]);
    assert_eq!(list(&[]), "Acme.Lib 2.0.0, Acme.Web 1.9.0");
    let delete = ["delete", "Acme.Web", "7.0.0", &desk.key, "-Source", &source];
    desk.fails(&delete, "404");
}

#[test]
fn debians_nuget_pushes_with_a_key_alone() {
    let world = World::new();
    let Some(desk) = desk(&world) else { return };
    // As for somebody who has no credentials for this source, but an API key.
    fs::remove_dir_all(desk.folder.join(".config")).unwrap();
    let source = format!("{}/nuget/packages", desk.url);
    let push = |bytes: &[u8], key: &str| {
        fs::write(desk.folder.join("package.nupkg"), bytes).unwrap();
        desk.run(&["push", "package.nupkg", key, "-Source", &source])
    };
    let large = packages::package("Acme.Large", "1.0.0", 60 << 20, 1);
    // The same again is no mistake.
    for _ in 0..2 {
        let (pushed, text) = push(&large, &desk.key);
        assert!(pushed, "{text}");
    }
    for (package, key, words) in [
        (
            packages::package("Acme.Large", "1.0.0", 9, 2),
            desk.key.as_str(),
            "409",
        ),
        (packages::evil("Acme.Web", "2.0.0"), &desk.key, "400"),
        (
            packages::package("Acme.Web", "1.0.0", 9, 1),
            "API-WRONG",
            "",
        ),
    ] {
        let (pushed, text) = push(&package, key);
        assert!(!pushed && text.contains(words), "{text}");
    }
    assert_eq!(listed(&world), ["Acme.Large 1.0.0"]);
    let stored = world.http.get("/api/Spaces-1/packages").expect(200);
    assert_eq!(stored["Items"][0]["PackageSizeBytes"], large.len());
}
