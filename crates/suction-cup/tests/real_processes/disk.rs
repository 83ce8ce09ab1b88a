//! Disks that are full or read-only: small ones of their own, which need root.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::Command;

use layout::Home;
use rustix::process::{Signal, kill_process};

use crate::cup::{Cup, HEALTHY, SILENT, is_alive, process_id};

/// Mounts a disk of 1 MiB as the HOME, seen by this process alone, and goes on with what stands before
/// the start of Suction Cup.
const MOUNT: &str = r#"
mkdir "$1.disk" && mount -t tmpfs -o size=1m tmpfs "$1.disk" && cp -Rp "$1/." "$1.disk/" &&
mount --move "$1.disk" "$1" || exit 99
"#;

fn on_small_disk(cup: &Cup, before: &str, last: &str) -> Command {
    let script = format!("{MOUNT}{before}\n{last}");
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script, "sh"]);
    command.arg(cup.home.root());
    command.arg(env!("CARGO_BIN_EXE_suction-cup"));
    command
}

/// Starts Suction Cup there; from now on the HOME is what it sees.
fn start(cup: &mut Cup, before: &str) {
    let run = r#"exec "$2" run --home "$1""#;
    let mut command = on_small_disk(cup, before, run);
    cup.start_as(&mut command);
    let root = format!("/proc/{}/root", cup.process());
    let inside = cup.home.root().strip_prefix("/").unwrap();
    cup.home = Home::new(Path::new(&root).join(inside));
}

/// Whether this machine can do it.
fn can_mount() -> bool {
    let output = on_small_disk(&Cup::new(), "", "").output();
    if output.as_ref().is_ok_and(|output| output.status.success()) {
        return true;
    }
    let reason = format!("SKIPPED: no disk can be mounted here; run as root: {output:?}");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    println!("{reason}");
    false
}

#[test]
fn a_full_disk_holds_nothing_up_and_is_written_again_when_there_is_room() {
    if !can_mount() {
        return;
    }
    let mut cup = Cup::new();
    // Of a disk that is full it can't say that it is healthy.
    let stays = HEALTHY.replace("&& mv", "|| exec sleep 600; mv");
    cup.publish("1.0.0", &stays);
    start(&mut cup, "");
    cup.ledger("good 1.0.0");
    let pid = |cup: &Cup, text: &str| {
        cup.until(text, || {
            let log = cup.log();
            let (_, rest) = log.rsplit_once(text)?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            Some(process_id(&digits)).filter(|pid| is_alive(*pid))
        })
    };
    let first = pid(&cup, "started Tentacle 1.0.0 (trial), pid ");
    cup.publish("2.0.0", "exit 3");
    let filler = cup.home.root().join("filler");
    let mut file = File::create(&filler).unwrap();
    let error = loop {
        if let Err(error) = file.write_all(&[1; 512]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    drop(file);
    kill_process(first, Signal::KILL).unwrap();
    cup.logged("the ledger cannot be written (No space left on device (os error 28)): going on");
    cup.logged("ended 5 times in ");
    cup.logged("marked bad, going back to 1.0.0");
    let second = pid(&cup, "started Tentacle 1.0.0 (good), pid ");
    assert!(!cup.log().contains("can be written again"));
    // The next start brings on disk what is known.
    fs::remove_file(&filler).unwrap();
    kill_process(second, Signal::KILL).unwrap();
    cup.logged("the ledger can be written again");
    cup.ledger("bad 2.0.0 ticket-2.0.0 crashed ended 5 times in ");
    cup.until("it runs", || {
        let text = cup.status(&[]);
        text.starts_with("Tentacle 1.0.0 is running").then_some(())
    });
    cup.stop();
}

#[test]
fn a_read_only_disk_holds_nothing_up() {
    if !can_mount() {
        return;
    }
    let mut cup = Cup::new();
    cup.publish("1.0.0", SILENT);
    start(&mut cup, r#"mount -o remount,ro "$1" || exit 99"#);
    cup.logged("cannot be written (Read-only file system (os error 30)): nothing can be installed or remembered there");
    cup.logged("the ledger cannot be written (Read-only file system (os error 30)): going on");
    cup.logged("started Tentacle 1.0.0 (trial), pid ");
    let log = cup.log();
    let pid = process_id(log.rsplit("pid ").next().unwrap().trim());
    assert!(is_alive(pid));
    cup.stop();
    cup.gone(pid);
}
