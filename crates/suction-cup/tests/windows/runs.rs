//! Starts, crashes, upgrades and ends.

use std::fs;

use layout::last_lines;

use crate::cup::{Cup, is_alive, kill};

/// `DETACHED_PROCESS` and `CREATE_NEW_PROCESS_GROUP`: what a daemon does to be left alone.
const DAEMON: u32 = 0x0000_0208;

#[test]
fn installs_the_bundle_and_runs_it() {
    let mut cup = Cup::new();
    cup.bundle("1.0.0", "healthy\nuntil-told");
    let broken_off = cup.home.versions().join(".staging-1.0.0-1-0");
    fs::create_dir_all(&broken_off).unwrap();
    cup.start(&[]);
    let pid = cup.running("1.0.0");
    cup.ledger("good 1.0.0 bundle");
    assert!(!broken_off.exists());
    assert!(cup.log().contains(&format!("(trial), pid {pid}")));
    assert!(
        cup.status().ends_with("\n1.0.0  good\n"),
        "{}",
        cup.status()
    );
    let printed = fs::read_to_string(cup.home.tentacle_log()).unwrap();
    assert_eq!(printed, format!("run {pid}\n"));
}

#[test]
fn a_killed_child_is_started_again_with_nothing_of_it_left() {
    let mut cup = Cup::new();
    cup.publish(
        "1.0.0",
        &format!("child\nchild {DAEMON}\nhealthy\nfor-ever"),
    );
    cup.start(&[]);
    let first = cup.running("1.0.0");
    let signs = cup.signs(3);
    kill(first);
    signs.iter().for_each(|sign| cup.gone(sign));
    cup.until("another process", || {
        Some(cup.running("1.0.0")).filter(|pid| *pid != first)
    });
    cup.logged("Tentacle 1.0.0 ended with exit code ");
}

#[test]
fn a_killed_supervisor_leaves_nothing_behind_and_the_next_one_starts() {
    let mut cup = Cup::new();
    cup.publish(
        "1.0.0",
        &format!("child\nchild {DAEMON}\nhealthy\nfor-ever"),
    );
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    let signs = cup.signs(3);
    assert!(signs.iter().all(|sign| is_alive(sign)));
    cup.kill();
    signs.iter().for_each(|sign| cup.gone(sign));
    cup.start(&[]);
    cup.running("1.0.0");
}

#[test]
fn five_ends_within_30_s_wait() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", "healthy\nuntil-told");
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    cup.kill();
    let behaviour = cup.home.version_folder(&"1.0.0".parse().unwrap());
    fs::write(behaviour.join("behaviour"), "exit 3").unwrap();
    cup.start(&[]);
    cup.logged("last with exit code 3: next try in 60 s");
    let printed = fs::read_to_string(cup.home.tentacle_log()).unwrap();
    assert_eq!(printed.matches("run ").count(), 1 + 5, "{printed}");
}

#[test]
fn an_upgrade_becomes_good_and_a_broken_one_goes_back() {
    let mut cup = Cup::new();
    cup.bundle("1.9.0", "healthy\nuntil upgrade\nexit 0");
    cup.start(&[]);
    cup.ledger("good 1.9.0");
    cup.publish("1.10.0", "healthy\nuntil upgrade\nexit 0");
    fs::write(cup.home.root().join("upgrade"), "").unwrap();
    cup.ledger("good 1.10.0 ticket-1.10.0");
    cup.publish("1.11.0", "says no configuration\nexit 3");
    fs::write(cup.home.root().join("upgrade"), "").unwrap();
    cup.ledger("bad 1.11.0 ticket-1.11.0 crashed ended 5 times in ");
    cup.running("1.10.0");
    let lines = last_lines(&cup.home, &"1.11.0".parse().unwrap());
    assert!(
        lines.iter().any(|line| line == "no configuration"),
        "{lines:?}"
    );
}

#[test]
fn a_program_that_the_system_cannot_run_goes_back() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", "healthy\nuntil-told");
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    cup.kill();
    cup.publish("1.1.0", "healthy\nuntil-told");
    fs::write(cup.home.program(&"1.1.0".parse().unwrap()), "no program").unwrap();
    cup.start(&[]);
    cup.ledger("bad 1.1.0 ticket-1.1.0 crashed ended 5 times in ");
    cup.running("1.0.0");
}

#[test]
fn asked_to_end_by_its_standard_input_and_killed_when_it_does_not() {
    // An upgrade that is not confirmed ends the child in the same way as a stop does.
    for (end, in_order) in [("until-told", true), ("for-ever", false)] {
        let mut cup = Cup::new();
        cup.bundle("1.0.0", "healthy\nuntil upgrade\nexit 0");
        cup.start(&["--trial-window", "1", "--stop-grace", "2"]);
        cup.ledger("good 1.0.0");
        cup.publish("1.1.0", end);
        fs::write(cup.home.root().join("upgrade"), "").unwrap();
        cup.ledger("bad 1.1.0 ticket-1.1.0 unconfirmed ");
        cup.running("1.0.0");
        let asked = cup.home.root().join("ended-in-order").exists();
        assert_eq!(asked, in_order, "{end}");
    }
}
