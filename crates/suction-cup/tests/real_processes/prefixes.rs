//! A loss of power after each single operation on the disk, with whatever was not synced lost,
//! torn or kept: every time the next start ends well.
//!
//! The real program runs under `strace`; what it did is replayed on a disk in memory.

mod disk;
mod restart;
mod trace;

use std::collections::HashSet;
use std::process::Command;

use layout::{BadReason, Entry, Ledger, Standing};

use crate::cup::{Cup, HEALTHY};
use disk::Disk;
use trace::Op;

const BROKEN: &str = "echo run >> \"$3/ran-1.1.0\"; exit 1";

fn healthy() -> String {
    format!("echo run >> \"$3/ran-1.0.0\"\n{HEALTHY}")
}

/// The operations of one life of Suction Cup, and the disk before it.
fn recorded(cup: &mut Cup, end: &str) -> (Disk, Vec<Op>) {
    let before = Disk::of(cup.home.root());
    let log = cup.home.root().with_extension("strace");
    let mut command = Command::new("strace");
    command
        .args(["-D", "-f", "-y", "-xx", "-s", "1000000", "-o"])
        .arg(&log)
        .args(["-e", trace::CALLS])
        .arg(env!("CARGO_BIN_EXE_suction-cup"))
        .args(["run", "--home"])
        .arg(cup.home.root());
    cup.start_as(&mut command);
    cup.ledger(end);
    cup.running("1.0.0");
    let exited = format!("{} ", cup.process());
    cup.stop();
    let lines = cup.until("strace has written all", || {
        let text = std::fs::read_to_string(&log).ok()?;
        let last = |line: &str| line.starts_with(&exited) && line.contains("+++ exited");
        text.lines().any(last).then_some(text)
    });
    (before, trace::operations(&lines, cup.home.root()))
}

/// Restarts after each prefix, in each state that it can leave; how many differ.
fn check(before: &Disk, operations: &[Op]) -> Result<usize, String> {
    let mut disk = before.clone();
    let mut seen = HashSet::new();
    let mut ran = Vec::new();
    for count in 0..=operations.len() {
        if let Some(operation) = count.checked_sub(1).and_then(|last| operations.get(last)) {
            disk.apply(operation);
            ran.extend(operation.ran());
        }
        for (name, files) in disk.crashes() {
            if seen.insert((files.clone(), ran.clone())) {
                restart::ends_well(&files, &ran).map_err(|why| {
                    format!(
                        "after {count} operations, {name}: {why}\n{:?}",
                        operations.get(count.saturating_sub(1))
                    )
                })?;
            }
        }
    }
    Ok(seen.len())
}

#[test]
fn after_each_operation_of_an_install_and_of_a_way_back() {
    let mut cup = Cup::new();
    cup.bundle("1.0.0", &healthy());
    let (before, install) = recorded(&mut cup, "good 1.0.0");
    let states = check(&before, &install).unwrap();
    println!(
        "{} operations of an install, {states} states",
        install.len()
    );
    assert!(install.len() > 20 && states > install.len(), "{install:?}");

    cup.publish("1.1.0", BROKEN);
    let (upgraded, back) = recorded(&mut cup, "bad 1.1.0");
    let states = check(&upgraded, &back).unwrap();
    println!("{} operations of a way back, {states} states", back.len());

    // A broken install is put in place anew.
    let mut cup = Cup::new();
    cup.bundle("1.0.0", &healthy());
    cup.publish("1.0.0", BROKEN);
    let mut ledger = Ledger::default();
    let entry = Entry {
        stamp: "ticket-1.0.0".parse().unwrap(),
        standing: Standing::bad(BadReason::Crashed, "it ended"),
    };
    ledger.set("1.0.0".parse().unwrap(), entry);
    ledger.store(&cup.home).unwrap();
    let (bad, anew) = recorded(&mut cup, "good 1.0.0 bundle");
    let states = check(&bad, &anew).unwrap();
    println!(
        "{} operations of an install anew, {states} states",
        anew.len()
    );
    assert!(
        anew.iter()
            .filter(|one| matches!(one, Op::Rename(..)))
            .count()
            > 3
    );

    // Mistakes are found: what is renamed was not synced, or not yet.
    let without = |operations: &[Op], name: &str| -> Vec<Op> {
        let kept = |one: &&Op| !matches!(one, Op::Sync(path) if path.ends_with(name));
        operations.iter().filter(kept).cloned().collect()
    };
    for (before, operations, mistake) in [
        (&before, &install, "/tentacle"),
        (&before, &install, "/.stamp"),
        (&before, &install, "/lib"),
        (&before, &install, "/lib/words"),
        (&before, &install, "ledger.new"),
        (&upgraded, &back, "ledger.new"),
    ] {
        let wrong = without(operations, mistake);
        assert!(wrong.len() < operations.len(), "{mistake}");
        check(before, &wrong).expect_err(mistake);
    }
    let mut early = install;
    let publishes = |one: &Op| matches!(one, Op::Rename(from, _) if from.contains(".staging-"));
    let at = early.iter().position(publishes).unwrap();
    let rename = early.remove(at);
    let stamp = |one: &Op| matches!(one, Op::Create(path) if path.ends_with("/.stamp"));
    let sooner = early.iter().position(stamp).unwrap();
    early.insert(sooner, rename);
    check(&before, &early).expect_err("renamed before the stamp was written");
}
