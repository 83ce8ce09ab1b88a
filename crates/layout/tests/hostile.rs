//! 10,000 archives made to do harm, of every kind: none writes outside its folder, and one that
//! is refused leaves nothing behind. The same checks catch extractors that trust what they read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    dead_code,
    reason = "tests, and their tools are shared with those of another crate"
)]

#[path = "hostile/checks.rs"]
mod checks;
#[path = "hostile/generate.rs"]
mod generate;
#[path = "../../nupkg/tests/it/raw_tar.rs"]
mod raw_tar;
#[path = "../../nupkg/tests/it/raw_zip.rs"]
mod raw_zip;
#[path = "hostile/trusting.rs"]
mod trusting;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use checks::{LIMITS, Yard};
use generate::{Generator, KINDS};
use layout::install::{Writes, unpack};
use nupkg::Archive;

const CASES: u64 = 10_000;

/// As the conventions, Suction Cup and octo extract.
fn ours(bytes: &[u8], into: &Path) -> Result<(), String> {
    let archive = Archive::open(Cursor::new(bytes), &LIMITS);
    let mut archive = archive.map_err(|error| error.to_string())?;
    unpack(&mut archive, into, Writes::Cached).map_err(|error| error.to_string())
}

#[test]
fn ten_thousand_hostile_archives_do_no_harm() {
    let yard = Yard::new();
    let mut refused: BTreeMap<&str, u64> = BTreeMap::new();
    let mut honest = 0;
    for case in 0..CASES {
        let sample = Generator::new(case).sample(&yard.outside());
        let outcome = yard.check(&sample, ours);
        let outcome = outcome.unwrap_or_else(|harm| panic!("case {case}, {}: {harm}", sample.kind));
        match outcome {
            Err(_) => *refused.entry(sample.kind).or_default() += 1,
            Ok(()) => honest += 1,
        }
    }
    // The generator makes what it says, and some of it is in order.
    for kind in KINDS.iter().filter(|kind| kind.must_be_refused) {
        assert!(refused.contains_key(kind.name), "no {}", kind.name);
    }
    assert!(honest > 100, "{honest}");
}

#[test]
fn an_extractor_that_trusts_names_is_caught() {
    let caught = caught(trusting::names);
    for kind in ["leads out", "absolute", "link, then a file through it"] {
        assert!(caught.contains_key(kind), "{kind}: {caught:?}");
    }
}

#[test]
fn an_extractor_that_leaves_what_it_wrote_is_caught() {
    let caught = caught(trusting::leaving);
    for kind in ["damaged content", "sizes that lie"] {
        assert!(caught.contains_key(kind), "{kind}: {caught:?}");
    }
}

#[test]
fn an_extractor_without_limits_is_caught() {
    let caught = caught(trusting::unlimited);
    for kind in ["too many entries", "too much in all", "bomb"] {
        assert!(caught.contains_key(kind), "{kind}: {caught:?}");
    }
}

/// What the checks say of an extractor, by the kind of archive.
fn caught(extract: fn(&[u8], &Path) -> Result<(), String>) -> BTreeMap<&'static str, String> {
    let mut caught = BTreeMap::new();
    for case in 0..4 * KINDS.len() as u64 {
        // What it did may change what the next one does.
        let yard = Yard::new();
        let sample = Generator::new(case).sample(&yard.outside());
        // Chance could make a name in it that leads further than the yard.
        if !sample.must_be_refused {
            continue;
        }
        if let Err(harm) = yard.check(&sample, extract) {
            caught.insert(sample.kind, harm);
        }
    }
    caught
}
