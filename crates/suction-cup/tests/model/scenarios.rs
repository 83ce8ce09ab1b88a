//! Where the searches begin, and how much may happen in them.

use layout::BadReason;

use crate::names::{BUNDLE, Table, Word};
use crate::world::{Budget, Disk, File, Marker, Package, Pinned, World};

/// A set of searches with the same bounds.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) starts: Vec<World>,
    /// Seconds that a trial may take.
    pub(crate) window: u64,
}

/// A disk on which nothing is wrong: what is installed, with what the ledger says of it.
fn disk(installed: &[(u8, u8, Option<Word>)], bundle: Package) -> Disk {
    let mut table = Table::default();
    let mut disk = Disk {
        installed: [None; 3],
        bundle,
        pin: Pinned::No,
        ledger: File::Missing,
        unsynced: None,
        marker: Marker::None,
        writable: true,
        startable: true,
    };
    for (version, stamp, word) in installed {
        disk.installed[usize::from(*version)] = Some(*stamp);
        if let Some(word) = word {
            table.0[usize::from(*version)] = Some((*stamp, *word));
            disk.ledger = File::Whole(table);
        }
    }
    disk
}

const GOOD: Option<Word> = Some(Word::Good);
const TRIAL: Option<Word> = Some(Word::Trial);
const CRASHED: Option<Word> = Some(Word::Bad(BadReason::Crashed));
const UNCONFIRMED: Option<Word> = Some(Word::Bad(BadReason::Unconfirmed));
/// The server's first order.
const ORDER: u8 = 1;

/// A machine as the installer leaves it, and without a usable bundle.
fn new() -> Vec<Disk> {
    [Package::Whole, Package::Damaged, Package::Absent]
        .map(|bundle| disk(&[], bundle))
        .to_vec()
}

/// A machine in the middle of its life.
fn used() -> Vec<Disk> {
    vec![
        disk(&[(0, BUNDLE, GOOD), (1, ORDER, None)], Package::Whole),
        disk(&[(0, BUNDLE, GOOD), (1, ORDER, GOOD)], Package::Absent),
        disk(&[(0, BUNDLE, TRIAL), (1, ORDER, None)], Package::Whole),
    ]
}

/// A machine with failures behind it.
fn worn() -> Vec<Disk> {
    vec![
        disk(&[(0, BUNDLE, GOOD), (1, ORDER, CRASHED)], Package::Whole),
        disk(
            &[(0, BUNDLE, UNCONFIRMED), (1, ORDER, CRASHED)],
            Package::Whole,
        ),
        disk(
            &[(0, ORDER, CRASHED), (1, ORDER, UNCONFIRMED)],
            Package::Absent,
        ),
        disk(
            &[
                (0, BUNDLE, GOOD),
                (1, ORDER, UNCONFIRMED),
                (2, ORDER, TRIAL),
            ],
            Package::Damaged,
        ),
    ]
}

fn all() -> Vec<Disk> {
    [new(), used(), worn()].concat()
}

fn scenario(name: &'static str, window: u64, disks: Vec<Disk>, budget: Budget) -> Scenario {
    let starts = disks
        .into_iter()
        .map(|disk| World::new(disk, budget))
        .collect();
    Scenario {
        name,
        starts,
        window,
    }
}

/// Shorter than a stable run, so that fewer states differ.
const SHORT: u64 = 40;
/// The window that Suction Cup has when nobody says otherwise.
const USUAL: u64 = 300;

/// For every run of the tests.
pub(crate) fn short() -> Vec<Scenario> {
    let none = Budget::default();
    let crashes = Budget { crashes: 1, ..none };
    vec![
        scenario("crash", SHORT, all(), crashes),
        scenario(
            "pin and crash",
            SHORT,
            used().drain(..1).collect(),
            Budget {
                pins: 1,
                reloads: 1,
                ..crashes
            },
        ),
    ]
}

/// For each mutant, until it is found in one.
pub(crate) fn for_mutants() -> Vec<Scenario> {
    let none = Budget::default();
    let two = |budget| scenario("mutant", SHORT, [used(), worn()].concat(), budget);
    vec![
        scenario("mutant", SHORT, all(), none),
        scenario("mutant", SHORT, used(), Budget { disk: 2, ..none }),
        two(Budget { crashes: 1, ..none }),
        two(Budget {
            pins: 1,
            reloads: 1,
            ..none
        }),
        two(Budget {
            publishes: 1,
            ..none
        }),
    ]
}

/// For `cargo xtask verify`.
pub(crate) fn long() -> Vec<Scenario> {
    let none = Budget::default();
    let crashes = |crashes| Budget { crashes, ..none };
    let with = |passes, publishes, pins| Budget {
        passes,
        publishes,
        pins,
        ..none
    };
    vec![
        scenario("pace", SHORT, used(), with(2, 0, 0)),
        scenario("crashes", SHORT, all(), crashes(2)),
        scenario("window", USUAL, used(), crashes(1)),
        scenario("orders", SHORT, used(), with(0, 1, 0)),
        scenario(
            "operator",
            SHORT,
            used(),
            Budget {
                removals: 1,
                reloads: 1,
                ..with(0, 0, 1)
            },
        ),
        scenario(
            "faults",
            SHORT,
            worn(),
            Budget {
                disk: 2,
                damages: 1,
                ..crashes(1)
            },
        ),
        scenario(
            "programs",
            SHORT,
            new(),
            Budget {
                starts: 2,
                bundles: 1,
                reloads: 1,
                ..none
            },
        ),
    ]
}
