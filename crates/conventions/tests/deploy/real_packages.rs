//! Packages made by the programs that people make them with are on disk afterwards as they were
//! before: names, contents, modes, times, links.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::bench::Bench;

/// What is there at a path: for a file its content, mode and time, for a link its target.
type Tree = BTreeMap<String, String>;

fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        let what = if metadata.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).unwrap().display())
        } else if metadata.is_dir() {
            "folder".to_owned()
        } else {
            let content = fs::read_to_string(entry.path()).unwrap();
            format!(
                "{content:?} {:o} {}",
                metadata.mode() & 0o777,
                metadata.mtime()
            )
        };
        let path = entry.path().strip_prefix(folder).unwrap();
        tree.insert(path.to_str().unwrap().to_owned(), what);
    }
    tree
}

fn source(folder: &Path) {
    let deep = format!("{}/{}.txt", "a-long-name/".repeat(12), "n".repeat(120));
    for (number, (path, mode)) in [
        ("run", 0o755),
        ("web/index.html", 0o644),
        ("web/with space & 100%41.txt", 0o600),
        ("web/grüße-雪.txt", 0o640),
        ("web/brackets [1] (2)/c++.txt", 0o664),
        (deep.as_str(), 0o711),
        ("package/services/metadata/x", 0o644),
        ("_rels/x", 0o644),
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("content {number}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        // 2021, and odd seconds, which a plain zip does not have.
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_614_834_367 + number as u64);
        File::open(&path).unwrap().set_modified(time).unwrap();
    }
    fs::create_dir(folder.join("empty")).unwrap();
    symlink("web/index.html", folder.join("index")).unwrap();
    symlink("../run", folder.join("web/run")).unwrap();
    fs::hard_link(folder.join("run"), folder.join("same")).unwrap();
}

/// Packs a folder by a command, whose first word is the program, and deploys the package.
fn check(extension: &str, command: &str) {
    let mut bench = Bench::new(&[]);
    let folder = bench.path("source");
    fs::create_dir(&folder).unwrap();
    source(&folder);
    let package = bench.path(&format!("Acme.Web.1.2.0{extension}"));
    let mut words = command.split(' ');
    let program = words.next().unwrap();
    let packed = Command::new(program)
        .args(words.map(|word| word.replace("PACKAGE", package.to_str().unwrap())))
        .current_dir(&folder)
        .output();
    let packed = match packed {
        Ok(packed) => packed,
        Err(error) => {
            let ci = std::env::var("CI").as_deref() == Ok("true");
            assert!(!ci, "{program} is missing: {error}");
            eprintln!("SKIPPED: {program} is missing: {error}; `cargo xtask test` installs it");
            return;
        }
    };
    assert!(packed.status.success(), "{command}: {packed:?}");
    bench.request.package_file = package;
    bench.succeeds();
    let installed = bench.path("Applications/Prod/Acme.Web/1.2.0");
    let (expected, found) = (tree(&folder), tree(&installed));
    assert_eq!(found, expected, "{command}");
    // Changing one of two names of a file would change the other.
    assert_eq!(fs::metadata(installed.join("same")).unwrap().nlink(), 1);
}

#[test]
fn made_by_tar_in_each_of_its_formats() {
    for format in ["gnu", "pax", "posix"] {
        check(".tar", &format!("tar --format={format} -cf PACKAGE ."));
    }
    check(".tar.gz", "tar -czf PACKAGE .");
    check(".tgz", "tar --format=pax -czf PACKAGE .");
    check(".tar.bz2", "tar -cjf PACKAGE .");
}

#[test]
fn made_by_zip() {
    check(".zip", "zip -q -r -y PACKAGE .");
}

#[test]
fn made_by_python() {
    check(
        ".tar.gz",
        "python3 -m tarfile -c PACKAGE empty index package run same web a-long-name _rels",
    );
}
