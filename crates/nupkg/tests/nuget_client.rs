//! Packages made by a real NuGet client are read, and a real client takes ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests, which need folders and a program"
)]

use nupkg::{Archive, Limits, Nuspec, PackageBuilder};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command;

const CLIENT: &str = "/usr/bin/nuget";

/// Paths and contents: every kind of name that the package format encodes.
const FILES: [(&str, &str); 10] = [
    ("content/index.html", "<p>"),
    ("content/with space.txt", "space"),
    ("content/grüße & 雪.txt", "not ASCII"),
    ("content/c++/a+b.txt", "plus"),
    ("content/100%41.txt", "percent"),
    ("content/brackets [1] (2)/x.txt", "brackets"),
    ("lib/net45/Acme.Web.dll", "MZ"),
    ("tools/run.sh", "#!/bin/sh"),
    ("tools/LICENSE", "no extension"),
    ("tools/name.c++", "odd extension"),
];

#[test]
fn packages_of_a_real_client_are_read() {
    let Some(home) = home_for_client() else {
        return;
    };
    let home = home.path();
    for (path, content) in FILES {
        write(&home.join("source").join(path), content);
    }
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.2.3-beta".parse().unwrap());
    let sources = ["content", "lib", "tools"]
        .map(|folder| format!("<file src=\"{folder}/**/*\" target=\"{folder}\" />"))
        .concat();
    let with_files = format!("</metadata><files>{sources}</files>");
    let xml = nuspec.to_xml().replace("</metadata>", &with_files);
    write(&home.join("source/Acme.Web.nuspec"), &xml);
    run(
        home,
        &[
            "pack",
            "source/Acme.Web.nuspec",
            "-NoPackageAnalysis",
            "-NonInteractive",
        ],
    );

    let file = File::open(home.join("Acme.Web.1.2.3-beta.nupkg")).unwrap();
    let mut archive = Archive::open(file, &Limits::default()).unwrap();
    let mut read = BTreeMap::new();
    for entry in archive.content_entries() {
        let mut content = String::new();
        archive
            .read_entry(&entry)
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        read.insert(entry.path, content);
    }
    assert_eq!(read, files());
    let found = archive.nuspec().unwrap();
    assert_eq!((found.id, found.version), (nuspec.id, nuspec.version));
}

#[test]
fn a_real_client_installs_our_packages() {
    let Some(home) = home_for_client() else {
        return;
    };
    let home = home.path();
    fs::create_dir(home.join("feed")).unwrap();
    let nuspec = Nuspec::new("Acme.Web".parse().unwrap(), "1.2.3".parse().unwrap());
    let mut package = PackageBuilder::new(nuspec);
    for (path, content) in FILES {
        package = package.file(path, 0o644, content.as_bytes()).unwrap();
    }
    package
        .finish(File::create(home.join("feed/Acme.Web.1.2.3.nupkg")).unwrap())
        .unwrap();

    let feed = home.join("feed");
    run(
        home,
        &[
            "install",
            "Acme.Web",
            "-Source",
            feed.to_str().unwrap(),
            "-OutputDirectory",
            "installed",
            "-NonInteractive",
        ],
    );
    let mut installed = read_folder(&home.join("installed/Acme.Web.1.2.3"));
    installed.retain(|path, _| !path.ends_with(".nupkg"));
    assert_eq!(installed, files());
}

fn files() -> BTreeMap<String, String> {
    FILES
        .map(|(path, content)| (path.to_owned(), content.to_owned()))
        .into()
}

/// A folder for the client's settings, caches and files; none when there is no client.
fn home_for_client() -> Option<tempfile::TempDir> {
    if Path::new(CLIENT).exists() {
        return Some(tempfile::tempdir().unwrap());
    }
    println!("SKIPPED: {CLIENT} is missing; install Debian's package `nuget`");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{CLIENT} is missing"
    );
    None
}

fn run(home: &Path, arguments: &[&str]) {
    let output = Command::new(CLIENT)
        .args(arguments)
        .current_dir(home)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("XDG_DATA_HOME", home.join(".local"))
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "nuget {arguments:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn read_folder(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let content = fs::read(&path).unwrap();
            files.insert(name, String::from_utf8_lossy(&content).into_owned());
        }
    }
    files
}
