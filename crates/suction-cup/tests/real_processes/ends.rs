//! Ends of the child and of the supervisor, and that nothing outlives them.

use std::fs;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::cup::{Cup, HEALTHY, is_alive, process_id};

/// Leaves a child behind in its own group, one in a group of its own, and one without a parent.
const FERTILE: &str = r#"
sleep 600 & echo $! >> "$3/pids"
setsid sleep 600 & echo $! >> "$3/pids"
(setsid sh -c 'trap "" TERM; echo $$ >> "$0/pids"; while :; do sleep 600; done' "$3" &)
"#;

#[test]
fn a_killed_child_is_started_again_at_once() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    let first = cup.running("1.0.0");
    kill_process(first, Signal::KILL).unwrap();
    let second = cup.until("another process", || {
        Some(cup.running("1.0.0")).filter(|pid| *pid != first)
    });
    assert!(is_alive(second));
    cup.logged("Tentacle 1.0.0 ended by signal 9 (SIGKILL) after ");
    cup.stop();
    cup.gone(second);
}

#[test]
fn exit_0_again_and_again_waits() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", "exit 0");
    cup.start(&[]);
    cup.logged("last with exit code 0: next try in 60 s");
    let waiting = "no Tentacle is running: Tentacle 1.0.0 ended 5 times in ";
    cup.until(waiting, || {
        cup.status(&[]).starts_with(waiting).then_some(())
    });
    cup.stop();
}

#[test]
fn a_child_that_will_not_end_is_killed_after_the_grace() {
    let mut cup = Cup::new();
    let script = r#"trap "" TERM; echo $$ >> "$3/pids"; while :; do sleep 0.05; done"#;
    cup.publish("1.0.0", script);
    cup.start(&["--stop-grace", "1"]);
    let pid = cup.pids(1)[0];
    cup.stop();
    assert!(!is_alive(pid));
}

#[test]
fn what_a_child_leaves_behind_ends_with_it() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", &format!("{FERTILE} {HEALTHY}"));
    cup.start(&[]);
    let first = cup.pids(4);
    // First when the child crashes, then when the supervisor stops.
    kill_process(cup.running("1.0.0"), Signal::KILL).unwrap();
    for pid in first {
        cup.gone(pid);
    }
    let second = cup.pids(8);
    cup.stop();
    assert!(second.into_iter().all(|pid| !is_alive(pid)));
}

#[test]
fn a_killed_supervisor_leaves_no_child_and_the_next_one_no_grandchild() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", &format!("{FERTILE} {HEALTHY}"));
    cup.start(&[]);
    let child = cup.running("1.0.0");
    let all = cup.pids(4);
    cup.signal(Signal::KILL);
    cup.ended();
    cup.gone(child);
    fs::remove_file(cup.home.root().join("pids")).unwrap();
    cup.start(&[]);
    cup.running("1.0.0");
    for pid in all {
        cup.gone(pid);
    }
    cup.logged("ended what an earlier Suction Cup had left running");
    cup.stop();
}

#[test]
fn nothing_wakes_it_while_a_good_version_runs() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    let waits = || wakes(cup.process());
    // Settled when two looks agree; then it stays so.
    let mut last = waits();
    let settled = cup.until("it settles", || {
        std::thread::sleep(Duration::from_millis(200));
        let now = waits();
        (std::mem::replace(&mut last, now) == now).then_some(now)
    });
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(waits(), settled);
    cup.stop();
}

/// How often the threads of a process gave up the processor to wait.
fn wakes(pid: Pid) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let wakes = threads.map(|thread| {
        let status = fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.unwrap().trim().parse::<u64>().unwrap()
    });
    wakes.sum()
}

#[test]
fn its_code_is_not_in_memory_while_it_waits() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    cup.ledger("good 1.0.0");
    let smaps = format!("/proc/{}/smaps", cup.process());
    // Little of it: what waits, and what the system maps along.
    cup.until("it gives its code back", || {
        let smaps = fs::read_to_string(&smaps).unwrap();
        let (_, code) = smaps.split_once(" r-xp ").unwrap();
        let line = code.lines().find_map(|line| line.strip_prefix("Rss:"));
        let resident: u32 = line.unwrap().trim_end_matches("kB").trim().parse().unwrap();
        (resident <= 128).then_some(())
    });
    cup.stop();
}

#[test]
fn a_child_starts_with_no_signal_blocked() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&[]);
    let pid = cup.running("1.0.0");
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert!(status.contains("SigBlk:\t0000000000000000\n"), "{status}");
    cup.stop();
}

#[test]
fn stopping_while_the_child_is_stopped_or_gone() {
    let mut cup = Cup::new();
    cup.publish("1.0.0", HEALTHY);
    cup.start(&["--stop-grace", "1"]);
    let pid = cup.running("1.0.0");
    kill_process(pid, Signal::STOP).unwrap();
    cup.stop();
    assert!(!is_alive(process_id(&pid.to_string())));
}
