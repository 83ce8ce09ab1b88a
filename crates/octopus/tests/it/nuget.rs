//! The real `nuget` client, as Debian packages it.

use std::{fs, process::Command};

use crate::{
    feed::listed,
    packages, server,
    world::{PACKAGE, World},
};

/// Whether this program can't be had here: said aloud, and an error where all must be there.
fn is_missing(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        println!("SKIPPED: {program} is not installed");
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "{program} must be installed where CI=true");
    }
    !found
}

#[test]
fn nuget_pushes() {
    if is_missing("nuget") {
        return;
    }
    let world = World::new();
    let folder = world.folder();
    let push = |package: &[u8], key: &str| {
        fs::write(folder.join("package.nupkg"), package).unwrap();
        let source = format!("{}/nuget/packages", world.server.as_ref().unwrap().url);
        let mut command = Command::new("nuget");
        // Mono's nuget takes no absolute path.
        command.args(["push", "package.nupkg"]);
        command.args(["-Source", &source, "-ApiKey", key, "-NonInteractive"]);
        let output = server::run(command.env("HOME", &folder).current_dir(&folder));
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    };
    let package = packages::package(PACKAGE, "1.0.0", 300_000, 1);
    for _ in 0..2 {
        let (pushed, text) = push(&package, &world.key);
        assert!(pushed, "{text}");
    }
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
    let stored = world.http.get("/api/Spaces-1/packages").expect(200);
    assert_eq!(stored["Items"][0]["PackageSizeBytes"], package.len());
    let other = packages::package(PACKAGE, "1.0.0", 300, 2);
    for (package, key, words) in [
        (&other, world.key.as_str(), "409"),
        (&packages::evil(PACKAGE, "2.0.0"), &world.key, "400"),
        (
            &packages::package(PACKAGE, "2.0.0", 100, 1),
            "API-WRONG",
            "",
        ),
    ] {
        let (pushed, text) = push(package, key);
        assert!(!pushed && text.contains(words), "{text}");
    }
    assert_eq!(listed(&world), ["Acme.Web 1.0.0"]);
}
