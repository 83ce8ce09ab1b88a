//! The golden files of `docs/contract/`: what `suction-cup status` says of a HOME as the first versions left it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::{expect, expect_file};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/contract/home")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn status(home: &Path, options: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_suction-cup"));
    command.args(["status", "--home"]).arg(home).args(options);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn status_of_a_home_of_the_first_versions() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    copy(&golden(), home);
    // No service runs, and none is needed.
    expect![[r#"
        Suction Cup is not running: start its service
        pinned to 2.0.0
        2.2.0  bad, unhealthy: failed its own self-check after 3.0 s  (removed)
        2.1.1  bad, unconfirmed: was not confirmed within 300 s  (removed)
        2.1.0  bad, crashed: ended 5 times in 0.4 s, last with exit code 1  (removed)
        2.0.0  good
        1.0.0  trial
    "#]]
    .assert_eq(&status(home, &[]));
    // As if one ran: what it writes, and its lock.
    let running = "state running\nversion 2.0.0\npid 4711\nnonce 4711-00c0ffee00c0ffee-12\nsince 1772323200\n";
    fs::write(home.join("run/status"), running).unwrap();
    let lock = File::create(home.join("run/lock")).unwrap();
    lock.lock().unwrap();
    expect_file!["../../../docs/contract/status.json"].assert_eq(&status(home, &["--json"]));
}
