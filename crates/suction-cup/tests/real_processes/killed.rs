//! kill -9 of Suction Cup, of Tentacle, or of both, at every step of an install, an upgrade and
//! a way back, on a real disk. Each time it comes to where it would have come anyway.

use std::fs;

use layout::Ledger;
use rustix::process::{Pid, Signal, kill_process};

use crate::cup::{Cup, HEALTHY};

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Cup,
    Tentacle,
    Both,
}

/// A step, and how it is seen from outside that it has come.
type Step = (&'static str, fn(&Cup) -> bool);

fn there(cup: &Cup, path: &str) -> bool {
    cup.home.root().join(path).exists()
}

fn says(cup: &Cup, line: &str) -> bool {
    let text = Ledger::load(&cup.home).map(|ledger| ledger.to_string());
    text.is_ok_and(|text| text.lines().any(|one| one.starts_with(line)))
}

fn staging(cup: &Cup) -> bool {
    let names = fs::read_dir(cup.home.versions()).into_iter().flatten();
    names
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with(".staging-"))
}

fn child(cup: &Cup) -> Option<Pid> {
    let pids = fs::read_to_string(cup.home.root().join("pids")).ok()?;
    let last = pids.split_terminator('\n').next_back()?.parse().ok()?;
    Pid::from_raw(last)
}

/// Waits for the step, or for the end of the way if it was too short to be seen.
fn kill_at(cup: &mut Cup, step: fn(&Cup) -> bool, end: &str, victim: Victim) {
    cup.until("the step", || (step(cup) || says(cup, end)).then_some(()));
    let child = child(cup);
    if victim != Victim::Tentacle {
        cup.signal(Signal::KILL);
    }
    if victim != Victim::Cup
        && let Some(child) = child
    {
        // It may be gone already.
        let _ = kill_process(child, Signal::KILL);
    }
    if victim != Victim::Tentacle {
        cup.ended();
        cup.start(&[]);
    }
}

/// Does `begin` on a HOME of its own and kills at each of the steps; then `end` must come.
fn kill_at_each(steps: &[Step], begin: fn() -> Cup, end: (&str, &str)) {
    for (name, step) in steps {
        for victim in [Victim::Cup, Victim::Tentacle, Victim::Both] {
            println!("{name}: {victim:?}");
            let mut cup = begin();
            kill_at(&mut cup, *step, end.0, victim);
            cup.ledger(end.0);
            cup.running(end.1);
            cup.until("nothing is half there", || (!staging(&cup)).then_some(()));
            let log = cup.log();
            assert!(!log.contains("damaged"), "{name}, {victim:?}: {log}");
            cup.stop();
        }
    }
}

#[test]
fn at_every_step_of_an_install() {
    let steps: &[Step] = &[
        ("nothing yet", |_| true),
        ("folders are there", |cup| there(cup, "versions")),
        ("unpacking", staging),
        ("published", |cup| there(cup, "versions/1.0.0")),
        ("on trial in the ledger", |cup| says(cup, "trial 1.0.0")),
        ("started", |cup| there(cup, "pids")),
        ("healthy", |cup| there(cup, "run/healthy")),
        ("good in the ledger", |cup| says(cup, "good 1.0.0")),
    ];
    let begin = || {
        let mut cup = Cup::new();
        cup.bundle("1.0.0", HEALTHY);
        cup.start(&[]);
        cup
    };
    kill_at_each(steps, begin, ("good 1.0.0 bundle", "1.0.0"));
}

/// Healthy; installs nothing by itself, and ends with 0 once `upgrade` is there.
const UPGRADING: &str = r#"
echo $$ >> "$3/pids"
echo "$TENTACLE_RUN_NONCE" > "$3/run/healthy.part" && mv "$3/run/healthy.part" "$3/run/healthy"
while [ ! -e "$3/upgrade" ]; do sleep 0.02; done
"#;

fn upgrade(script: &str) -> Cup {
    let mut cup = Cup::new();
    cup.bundle("1.9.0", UPGRADING);
    cup.start(&[]);
    cup.ledger("good 1.9.0");
    cup.publish("1.10.0", script);
    fs::write(cup.home.root().join("upgrade"), "").unwrap();
    cup
}

#[test]
fn at_every_step_of_an_upgrade() {
    let steps: &[Step] = &[
        ("published", |cup| there(cup, "versions/1.10.0")),
        ("on trial in the ledger", |cup| says(cup, "trial 1.10.0")),
        ("started", |cup| there(cup, "second")),
        ("good in the ledger", |cup| says(cup, "good 1.10.0")),
    ];
    let begin = || upgrade(&format!("touch \"$3/second\"\n{HEALTHY}"));
    kill_at_each(steps, begin, ("good 1.10.0 ticket-1.10.0", "1.10.0"));
}

#[test]
fn at_every_step_of_a_way_back() {
    let steps: &[Step] = &[
        ("published", |cup| there(cup, "versions/1.10.0")),
        ("on trial in the ledger", |cup| says(cup, "trial 1.10.0")),
        ("started", |cup| there(cup, "second")),
        ("bad in the ledger", |cup| says(cup, "bad 1.10.0")),
        ("lines are kept", |cup| there(cup, "log/failed-1.10.0.txt")),
    ];
    // The old one goes on once the new one has run.
    let begin = || upgrade("touch \"$3/second\"; rm -f \"$3/upgrade\"; exit 1");
    kill_at_each(steps, begin, ("bad 1.10.0 ticket-1.10.0", "1.9.0"));
}
