//! What it does first: the bundle, the ledger, a HOME that is not as it should be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::cup::{Cup, HEALTHY, SILENT, is_alive, process_id};

#[test]
fn installs_the_bundle_and_runs_it() {
    let mut cup = Cup::new();
    cup.bundle("1.0.0", HEALTHY);
    let broken_off = cup.home.versions().join(".staging-1.0.0-1-0");
    fs::create_dir_all(&broken_off).unwrap();
    cup.start(&[]);
    let pid = cup.running("1.0.0");
    assert!(!broken_off.exists());
    cup.ledger("good 1.0.0 bundle");
    assert!(
        cup.status(&[]).ends_with("\n1.0.0  good\n"),
        "{}",
        cup.status(&[])
    );
    let json = cup.status(&["--json"]);
    assert!(
        json.starts_with(&format!(
            r#"{{"state":"running","version":"1.0.0","pid":{pid},"since":"20"#
        )),
        "{json}"
    );
    cup.stop();
    cup.gone(pid);
    assert!(cup.status(&[]).starts_with("Suction Cup is not running"));
    let log = fs::read_to_string(cup.home.supervisor_log()).unwrap();
    for line in [
        "installed Tentacle 1.0.0 from the bundle",
        &format!("started Tentacle 1.0.0 (trial), pid {pid}"),
        "Tentacle 1.0.0 is healthy: marked good",
        "stopped",
    ] {
        assert!(
            log.lines()
                .any(|found| found.ends_with(&format!("Z {line}"))),
            "{log}"
        );
    }
}

#[test]
fn a_damaged_ledger_is_kept_aside() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    fs::write(cup.home.ledger(), "octopus-ledger 1\ngood 1.0.0 bu").unwrap();
    fs::write(cup.home.root().join("ledger.damaged-1"), "of another time").unwrap();
    cup.start(&[]);
    cup.ledger("good 1.0.0 ticket-1.0.0");
    let kept = fs::read_to_string(cup.home.root().join("ledger.damaged-2")).unwrap();
    assert_eq!(kept, "octopus-ledger 1\ngood 1.0.0 bu");
    cup.logged("it is damaged");
    cup.stop();
}

#[test]
fn without_a_bundle_or_with_a_damaged_one_it_says_so_and_keeps_trying() {
    let mut cup = Cup::new();
    cup.start(&[]);
    cup.logged("there is no bundle: put the package of Tentacle into the folder bundle of HOME");
    cup.until("the next try", || {
        cup.status(&[]).contains("next try at 20").then_some(())
    });
    cup.stop();

    let path = cup.bundle("1.0.0", HEALTHY);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    cup.start(&[]);
    cup.logged("the bundle cannot be installed: the package ");
    cup.logged("; fetch or build the package again");
    cup.logged("the bundle cannot be installed: next try in 60 s");
    cup.stop();
    assert_eq!(fs::read_dir(cup.home.versions()).unwrap().count(), 0);
}

#[test]
fn a_home_that_cannot_be_written_still_runs_what_is_there() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", SILENT);
    let folder = cup.home.root().parent().unwrap().to_owned();
    // Root may write anywhere, so it is somebody else who runs it then, from where anybody may.
    let program = folder.join("suction-cup");
    // Copied by another process: what this one has open for writing, a fork of another test keeps busy.
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_suction-cup"))
        .arg(&program)
        .status();
    assert!(copied.unwrap().success());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(cup.home.root(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = Command::new(program);
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    cup.start_as(command.args(["run", "--home"]).arg(cup.home.root()));
    cup.logged("started Tentacle 1.0.0 (trial), pid ");
    cup.logged("cannot be written (Permission denied (os error 13)): nothing can be installed or remembered there");
    cup.logged("the ledger cannot be written (Permission denied (os error 13)): going on");
    let log = cup.log();
    let pid = process_id(log.rsplit("pid ").next().unwrap().trim());
    assert!(is_alive(pid));
    cup.stop();
    cup.gone(pid);
    fs::set_permissions(cup.home.root(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_home_is_there_and_has_one_supervisor() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    let pid = cup.running("1.0.0");
    let second = || Command::new(env!("CARGO_BIN_EXE_suction-cup"));
    let output = second()
        .args(["run", "--home"])
        .arg(cup.home.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another Suction Cup runs on "));
    assert!(is_alive(pid));
    // The lock of one that was killed is free at once.
    cup.signal(Signal::KILL);
    cup.ended();
    cup.start(&[]);
    cup.running("1.0.0");
    cup.stop();

    let output = second()
        .args(["run", "--home", "/there/is/none"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        text,
        "the folder /there/is/none is not there: install Tentacle, or name its folder with --home\n"
    );
    let status = second().arg("fly").stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_ledger_of_a_later_form_is_kept_aside() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    let later = "octopus-ledger 2\nsomething 1.0.0 else\ncrc32 00000000\n";
    fs::write(cup.home.ledger(), later).unwrap();
    cup.start(&[]);
    cup.ledger("good 1.0.0 ticket-1.0.0");
    let kept = fs::read_to_string(cup.home.root().join("ledger.newer-1")).unwrap();
    assert_eq!(kept, later);
    cup.stop();
}

#[test]
fn version_folders_that_somebody_deleted_or_changed() {
    let mut cup = Cup::new();
    cup.bundle("1.0.0", HEALTHY);
    cup.publish("1.1.0", HEALTHY);
    cup.publish("1.2.0", HEALTHY);
    cup.start(&[]);
    cup.ledger("good 1.2.0");
    let folder = |version: &str| cup.home.version_folder(&version.parse().unwrap());
    let (newest, older) = (folder("1.2.0"), folder("1.1.0"));
    let end = |cup: &Cup, version: &str| {
        let running = cup.running(version);
        rustix::process::kill_process(running, Signal::KILL).unwrap();
    };
    // Its program is gone: the next one runs.
    fs::remove_file(newest.join("tentacle")).unwrap();
    end(&cup, "1.2.0");
    cup.ledger("good 1.1.0");
    // Everything is gone: the bundle comes back.
    fs::remove_dir_all(&newest).unwrap();
    fs::remove_dir_all(&older).unwrap();
    end(&cup, "1.1.0");
    cup.ledger("good 1.0.0 bundle");
    cup.running("1.0.0");
    cup.stop();
}
