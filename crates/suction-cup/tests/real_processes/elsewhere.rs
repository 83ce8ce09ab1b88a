//! What happened to another supervisor of the same design, and must not happen to this one.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::cup::{Cup, HEALTHY, is_alive};

/// Healthy, and ends as the file `end` says once it is there.
const ENDS_WHEN_TOLD: &str = r#"
echo $$ >> "$3/pids"
trap 'echo ended by a signal > "$3/broken-off"; exit 1' TERM INT HUP
echo "$TENTACLE_RUN_NONCE" > "$3/run/healthy.part" && mv "$3/run/healthy.part" "$3/run/healthy"
while [ ! -e "$3/end" ]; do sleep 0.02; done
code=$(cat "$3/end"); rm "$3/end"; exit $code
"#;

fn tell(cup: &Cup, code: &str) {
    let end = cup.home.root().join("end");
    fs::write(end.with_extension("part"), code).unwrap();
    fs::rename(end.with_extension("part"), &end).unwrap();
}

fn another(cup: &Cup, version: &str, than: Pid) -> Pid {
    cup.until("another process", || {
        Some(cup.running(version)).filter(|pid| *pid != than)
    })
}

#[test]
fn a_child_killed_by_a_signal_does_not_end_the_supervisor() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    let mut child = cup.running("1.0.0");
    for signal in [Signal::TERM, Signal::KILL, Signal::SEGV] {
        kill_process(child, signal).unwrap();
        child = another(&cup, "1.0.0", child);
    }
    assert!(is_alive(cup.process()));
    cup.stop();
}

#[test]
fn a_child_that_fails_at_start_is_not_restarted_in_a_tight_loop() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", r#"echo $$ >> "$3/pids"; exit 1"#);
    cup.start(&[]);
    cup.logged("ended 5 times in ");
    cup.until("it waits", || {
        cup.status(&[]).contains("next try at ").then_some(())
    });
    assert_eq!(cup.pids(5).len(), 5);
    cup.stop();
}

#[test]
fn what_the_last_run_left_behind_does_not_keep_the_new_child_from_starting() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    let first = cup.running("1.0.0");
    cup.signal(Signal::KILL);
    cup.ended();
    cup.gone(first);
    assert!(cup.home.root().join("run/lock").exists());
    // Its process id belongs to somebody else by now, who must not be touched.
    let status = cup.home.root().join("run/status");
    let text = fs::read_to_string(&status).unwrap();
    let mine = std::process::id().to_string();
    fs::write(&status, text.replace(&first.to_string(), &mine)).unwrap();
    cup.start(&[]);
    another(&cup, "1.0.0", first);
    cup.stop();
}

#[test]
fn a_new_version_is_picked_up_after_any_end() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", ENDS_WHEN_TOLD);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    cup.publish("1.1.0", ENDS_WHEN_TOLD);
    tell(&cup, "0");
    cup.ledger("good 1.1.0");
    cup.publish("1.2.0", ENDS_WHEN_TOLD);
    tell(&cup, "3");
    cup.ledger("good 1.2.0");
    // Also one that was put there by nothing but a folder, while nothing ran.
    cup.stop();
    let versions = cup.home.versions();
    copy(&versions.join("1.2.0"), &versions.join("1.10.0"));
    cup.start(&[]);
    cup.running("1.10.0");
    cup.stop();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

#[test]
fn stopping_ends_although_the_child_does_not_take_the_signal() {
    let mut cup = Cup::new();
    let script = r#"trap "" TERM INT HUP; echo $$ >> "$3/pids"; while :; do sleep 0.05; done"#;
    cup.publish("1.0.0", script);
    cup.start(&["--stop-grace", "1"]);
    let child = cup.pids(1)[0];
    cup.stop();
    assert!(!is_alive(child));
}

#[test]
fn a_child_that_expects_more_than_the_contract_gives_goes_back() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", ENDS_WHEN_TOLD);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    // What the contract gives is there to the letter; the rest is not, and it says so by 70.
    let script = r#"
        [ "$#:$1:$2:$3" = "3:agent:--home:$PWD" ] && [ -n "$TENTACLE_RUN_NONCE" ] || exit 3
        [ -n "$TENTACLE_OF_A_LATER_CONTRACT" ] || exit 70
    "#;
    cup.publish("2.0.0", script);
    tell(&cup, "0");
    cup.ledger("bad 2.0.0 ticket-2.0.0 unhealthy failed its own self-check after ");
    cup.running("1.0.0");
    cup.stop();
}

#[test]
fn the_newest_version_on_disk_does_not_win_when_it_is_the_broken_one() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    cup.stop();
    cup.publish("2.0.0", r#"echo run >> "$3/broken-runs"; exit 1"#);
    cup.start(&[]);
    cup.ledger("bad 2.0.0");
    let mut child = cup.running("1.0.0");
    for signal in [Signal::KILL, Signal::TERM] {
        kill_process(child, signal).unwrap();
        child = another(&cup, "1.0.0", child);
    }
    cup.stop();
    cup.start(&[]);
    cup.running("1.0.0");
    let runs = fs::read_to_string(cup.home.root().join("broken-runs")).unwrap();
    assert_eq!(runs.lines().count(), 5);
    cup.stop();
}

#[test]
fn an_upgrade_does_not_break_off_work_that_is_running() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", ENDS_WHEN_TOLD);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    let child = cup.running("1.0.0");
    cup.publish("2.0.0", HEALTHY);
    // Whatever else happens to the supervisor meanwhile.
    cup.signal(Signal::HUP);
    cup.signal(Signal::CHILD);
    assert_eq!(cup.running("1.0.0"), child);
    // It ends by itself, when its work is done.
    tell(&cup, "0");
    cup.running("2.0.0");
    assert!(!cup.home.root().join("broken-off").exists());
    cup.stop();
}
