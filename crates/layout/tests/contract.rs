//! The golden files of `docs/contract/`: what the first versions wrote is read for good, and what is written now
//! is the same to the last byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use layout::install::{Existing, install_version};
use layout::{BadReason, Home, Ledger, RID, Standing};
use nupkg::{Nuspec, PackageBuilder};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn golden() -> Home {
    Home::new(docs().join("contract/home"))
}

#[test]
fn what_the_first_versions_wrote_is_read() {
    let home = golden();
    let ledger = Ledger::load(&home).unwrap();
    let entries: Vec<(String, String, Standing)> = ledger
        .entries()
        .map(|(version, entry)| {
            let (version, stamp) = (version.to_string(), entry.stamp.to_string());
            (version, stamp, entry.standing.clone())
        })
        .collect();
    let bad = Standing::bad;
    let expected = [
        (
            "2.2.0",
            "ticket-9",
            bad(
                BadReason::Unhealthy,
                "failed its own self-check after 3.0 s",
            ),
        ),
        (
            "2.1.1",
            "ticket-8",
            bad(BadReason::Unconfirmed, "was not confirmed within 300 s"),
        ),
        (
            "2.1.0",
            "ticket-7",
            bad(
                BadReason::Crashed,
                "ended 5 times in 0.4 s, last with exit code 1",
            ),
        ),
        ("2.0.0", "ticket-3", Standing::Good),
        ("1.0.0", "bundle", Standing::Trial),
    ]
    .map(|(version, stamp, standing)| (version.to_owned(), stamp.to_owned(), standing));
    assert_eq!(entries, expected);

    assert_eq!(home.read_pin().unwrap().unwrap().to_string(), "2.0.0");
    let nonce = layout::read_marker(&home);
    assert_eq!(nonce.as_deref(), Some("4711-00c0ffee00c0ffee-12"));
    assert_eq!(home.bundle().unwrap().version.to_string(), "1.0.0");
    let installed: Vec<String> = home
        .installed()
        .iter()
        .map(|one| format!("{} {}", one.version, one.stamp))
        .collect();
    assert_eq!(installed, ["2.0.0 ticket-3", "1.0.0 bundle"]);
    assert!(home.installed().iter().all(|one| ledger.knows(one)));
    assert_eq!(
        layout::last_lines(&home, &"2.1.0".parse().unwrap()),
        ["thread main panicked: no configuration", "exit"]
    );
}

#[test]
fn what_is_written_now_is_the_same() {
    let golden = golden();
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    for part in [home.run(), home.log()] {
        fs::create_dir(part).unwrap();
    }
    let same = |of: &dyn Fn(&Home) -> PathBuf| {
        let (written, expected) = (fs::read(of(&home)).unwrap(), fs::read(of(&golden)).unwrap());
        assert_eq!(
            String::from_utf8(written).unwrap(),
            String::from_utf8(expected).unwrap(),
            "{}",
            of(&golden).display()
        );
    };
    Ledger::load(&golden).unwrap().store(&home).unwrap();
    same(&Home::ledger);
    layout::write_marker(&home, "4711-00c0ffee00c0ffee-12").unwrap();
    same(&Home::marker);
    let failed = "2.1.0".parse().unwrap();
    layout::write_last_lines(&home, &failed, &layout::last_lines(&golden, &failed)).unwrap();
    same(&|home| home.failed_run(&failed));
    let package = folder.path().join("package.nupkg");
    for (version, stamp) in [("1.0.0", "bundle"), ("2.0.0", "ticket-3")] {
        fs::write(&package, tentacle(version)).unwrap();
        let (version, stamp) = (version.parse().unwrap(), stamp.parse().unwrap());
        install_version(&home, &package, &version, &stamp, Existing::Keep).unwrap();
        same(&|home| home.version_folder(&version).join(".stamp"));
        same(&|home| home.program(&version));
    }
}

fn tentacle(version: &str) -> Vec<u8> {
    let program = if cfg!(windows) {
        "Tentacle.exe"
    } else {
        "tentacle"
    };
    let xml = format!(
        "<package><metadata><id>Octopus.Tentacle.{RID}</id><version>{version}</version>\
         <authors>a</authors><description>d</description></metadata></package>"
    );
    PackageBuilder::new(Nuspec::from_bytes(xml.as_bytes()).unwrap())
        .file(program, 0o755, "A program stands here.\n".as_bytes())
        .unwrap()
        .finish(Cursor::new(Vec::new()))
        .unwrap()
        .into_inner()
}

/// The page that people read says what the golden files say.
#[test]
fn the_page_shows_the_golden_forms() {
    let page = fs::read_to_string(docs().join("contract.md")).unwrap();
    let read = |file: &str| fs::read_to_string(docs().join("contract").join(file)).unwrap();
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    for file in ["home/ledger", "status.json"] {
        let form = read(file);
        let shown = blocks
            .iter()
            .any(|block| block.trim_start_matches("json").trim_start() == form);
        assert!(shown, "docs/contract.md does not show {file}:\n{form}");
    }
    for name in read("tree").lines() {
        // Versions are shown as such.
        let name = name
            .trim_start_matches("HOME/")
            .replace("1.10.0-rc.1", "<version>")
            .replace("staging-x", "staging-*");
        let last = name.rsplit('/').next().unwrap();
        assert!(page.contains(last), "docs/contract.md has no {name}");
    }
}
