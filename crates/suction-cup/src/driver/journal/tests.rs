//! A day of crashes writes little: the machine and the real log, in simulated time.

use std::collections::VecDeque;
use std::fs;
use std::time::Duration;

use layout::{Home, Installed, Ledger, Stamp};

use super::Journal;
use crate::machine::{Effect, Event, Exit, Machine, Policy, Snapshot};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LIMIT: u64 = 1_000_000;

/// How Tentacle fails all day.
#[derive(Clone, Copy)]
struct Failure {
    after: Duration,
    exit: fn() -> Exit,
    /// The ledger can be written.
    writable: bool,
}

fn ends(seconds: u64, exit: fn() -> Exit) -> Failure {
    Failure {
        after: Duration::from_secs(seconds),
        exit,
        writable: true,
    }
}

fn failures() -> Vec<Failure> {
    let crash = || Exit::Code(1);
    vec![
        ends(0, crash),
        ends(0, || Exit::Code(0)),
        ends(1, || Exit::Code(layout::EXIT_UNHEALTHY)),
        // Just too seldom for a wait.
        ends(8, || Exit::Signal(11)),
        // Stable each time, and then not.
        ends(61, crash),
        ends(301, crash),
        Failure {
            writable: false,
            ..ends(0, crash)
        },
        Failure {
            writable: false,
            ..ends(61, || Exit::Code(0))
        },
    ]
}

/// The bytes in the log after a day. `each`: with a line for each end, which is a mistake.
fn bytes(failure: Failure, each: bool) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    fs::create_dir(home.log()).unwrap();
    let mut journal = Journal::new(&home);
    let mut machine = Machine::new(Policy::default(), "seed");
    let snapshot = Snapshot {
        installed: vec![Installed {
            version: "1.0.0".parse().unwrap(),
            stamp: Stamp::bundle(),
        }],
        bundle: Some("1.0.0".parse().unwrap()),
        ..Snapshot::default()
    };
    let mut now = Duration::ZERO;
    let mut child: Option<(u64, Duration)> = None;
    let mut events = VecDeque::from([Event::Started {
        snapshot: snapshot.clone(),
        ledger: Ledger::default(),
    }]);
    while now < DAY {
        if let Some(effect) = machine.poll_effect() {
            events.extend(match effect {
                Effect::Rescan => Some(Event::Scanned(snapshot.clone())),
                Effect::InstallBundle => Some(Event::BundleFailed("it is damaged".to_owned())),
                Effect::Start { run, .. } => {
                    child = Some((run, now + failure.after));
                    Some(Event::ChildStarted { run, pid: 100 })
                }
                Effect::StoreLedger { generation, .. } if failure.writable => {
                    Some(Event::LedgerStored(generation))
                }
                Effect::StoreLedger { generation, .. } => {
                    let why = "No space left on device (os error 28)".to_owned();
                    Some(Event::LedgerStoreFailed(generation, why))
                }
                Effect::Log(line) => {
                    journal.keep(&line);
                    None
                }
                Effect::Exit => panic!("it ended"),
                _ => None,
            });
        } else if let Some(event) = events.pop_front() {
            machine.handle(now, event);
        } else {
            let deadline = machine.poll_deadline();
            match child {
                Some((run, at)) if deadline.is_none_or(|deadline| at <= deadline) => {
                    now = at;
                    child = None;
                    if each {
                        journal.keep("Tentacle 1.0.0 ended with exit code 1: starting it again");
                    }
                    let exit = (failure.exit)();
                    events.push_back(Event::ChildEnded { run, exit });
                }
                _ => {
                    now = now.max(deadline.expect("it waits for something"));
                    events.push_back(Event::Tick);
                }
            }
        }
    }
    let files = fs::read_dir(home.log()).unwrap();
    files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum()
}

#[test]
fn a_day_of_crashes_writes_at_most_a_megabyte() {
    let all: Vec<u64> = failures()
        .into_iter()
        .map(|one| bytes(one, false))
        .collect();
    assert!(all.iter().all(|one| (1..=LIMIT).contains(one)), "{all:?}");
    // All eight days together, even.
    assert!(all.iter().sum::<u64>() <= LIMIT, "{all:?}");
    let wrong: Vec<u64> = failures().into_iter().map(|one| bytes(one, true)).collect();
    assert!(wrong.iter().sum::<u64>() > LIMIT, "{wrong:?}");
}
