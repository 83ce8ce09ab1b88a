//! NuGet.exe 5.8, run by Mono: the v3 protocol.

use std::{fs, path::Path};

use super::{Desk, is_missing, is_on_path, npm};
use crate::{packages, world::World};

/// Of the package with the libraries that the runtime alone has not.
const LIBRARY: &str = "/usr/lib/pkgconfig/mono.pc";

fn desk(world: &World) -> Option<Desk> {
    let exe = npm("nuget-exe/nuget-5.8.0.exe");
    let is_there = is_on_path("mono") && is_on_path("script") && Path::new(LIBRARY).is_file();
    if is_missing("NuGet.exe with Mono", is_there && exe.is_some()) {
        return None;
    }
    let exe = exe?;
    Some(Desk::new(world, &["mono", exe.to_str()?]))
}

#[test]
fn nuget_exe_packs_pushes_lists_installs_restores_and_deletes() {
    let world = World::new();
    let Some(desk) = desk(&world) else { return };
    let push =
        |file: &str| ["push", file, "-ApiKey", &desk.key, "-Source", "v3"].map(str::to_owned);
    let push = |file: &str, more: &[&str]| {
        let words = push(file);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        desk.run(&[&words, more].concat())
    };
    desk.packs("Acme.Lib", "1.0.0");
    desk.packs("Acme.Web", "1.0.0");
    desk.packs("Acme.Web", "2.0.0-rc.1+build.7");
    world.push(&packages::package("Acme.Lib", "2.0.0", 10, 1));
    // A pattern is one start of the client for all packages.
    let (pushed, text) = push("'*.nupkg'", &[]);
    assert!(pushed, "{text}");
    let list = |more: &[&str]| {
        let mut found = desk.lists(&[&["list", "-Source", "v3"], more].concat());
        found.sort();
        found.join(", ")
    };
    assert_eq!(list(&[]), "Acme.Lib 2.0.0, Acme.Web 1.0.0");
    assert_eq!(
        list(&["web", "-PreRelease", "-AllVersions"]),
        "Acme.Web 1.0.0, Acme.Web 2.0.0-rc.1+build.7"
    );
    // Other content, and nobody's key.
    desk.content("second");
    desk.packs("Acme.Web", "1.0.0");
    let (pushed, text) = push("Acme.Web.1.0.0.nupkg", &[]);
    assert!(!pushed && text.contains("409"), "{text}");
    assert!(
        text.contains("in the feed already with other content"),
        "{text}"
    );
    let (pushed, text) = push("Acme.Web.1.0.0.nupkg", &["-SkipDuplicate"]);
    assert!(pushed && text.contains("already exists"), "{text}");
    let wrong = [
        "push",
        "Acme.Web.1.0.0.nupkg",
        "-ApiKey",
        "API-WRONG",
        "-Source",
        "v3",
    ];
    desk.fails(&wrong, "401");
    let install = |folder: &str, more: &[&str]| {
        let words = [
            "install",
            "Acme.Web",
            "-Source",
            "v3",
            "-OutputDirectory",
            folder,
        ];
        desk.does(&[&words, more].concat());
        desk.installed(folder).join(", ")
    };
    // The lowest version of a dependency that fits.
    assert_eq!(install("out", &[]), "Acme.Lib.1.0.0, Acme.Web.1.0.0");
    assert_eq!(
        install("next", &["-PreRelease"]),
        "Acme.Lib.1.0.0, Acme.Web.2.0.0-rc.1"
    );
    desk.does(&["delete", "Acme.Web", "1.0.0", &desk.key, "-Source", "v3"]);
    assert_eq!(list(&["-AllVersions"]), "Acme.Lib 1.0.0, Acme.Lib 2.0.0");
    // A hidden version is still restored where somebody relies on it.
    let wanted = "<packages><package id=\"Acme.Web\" version=\"1.0.0\" /></packages>";
    fs::write(desk.folder.join("packages.config"), wanted).unwrap();
    let restore = [
        "restore",
        "packages.config",
        "-PackagesDirectory",
        "again",
        "-NoCache",
    ];
    desk.does(&[&restore[..], &["-Source", "v3"]].concat());
    assert_eq!(desk.installed("again"), ["Acme.Web.1.0.0"]);
    let content = desk.folder.join("again/Acme.Web.1.0.0/content/content.txt");
    assert_eq!(fs::read_to_string(content).unwrap(), "first");
}

#[test]
fn nuget_exe_carries_60_mb_both_ways() {
    let world = World::new();
    let Some(desk) = desk(&world) else { return };
    let large = packages::package("Acme.Large", "1.0.0", 60 << 20, 1);
    fs::write(desk.folder.join("large.nupkg"), large).unwrap();
    desk.does(&["push", "large.nupkg", "-ApiKey", &desk.key, "-Source", "v3"]);
    desk.does(&[
        "install",
        "Acme.Large",
        "-Source",
        "v3",
        "-OutputDirectory",
        "out",
    ]);
    let content = desk.folder.join("out/Acme.Large.1.0.0/data/content.bin");
    assert_eq!(fs::read(content).unwrap(), packages::noise(60 << 20, 1));
}
