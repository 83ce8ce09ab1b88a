//! Every state that the supervisor's machine and a small world can get into.
//!
//! `world` is a disk, a child and a clock, and checks every effect; `action` is what can
//! happen; `life` joins the machine to it as the driver does; `explore` goes through all of
//! it, and `quiet` sees that from everywhere it ends well. `mutant` seeds mistakes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod action;
mod explore;
mod key;
mod life;
mod mutant;
mod names;
mod properties;
mod quiet;
mod report;
mod scenarios;
mod world;

use std::collections::BTreeSet;

use explore::search;
use life::Rules;
use mutant::Mutant;
use properties::Property;
use report::{all, row};

#[test]
fn every_property_holds() {
    let scenarios = match std::env::var("MODEL_BOUNDS").as_deref() {
        Ok("long") => scenarios::long(),
        // One of the long ones, by its name.
        Ok(name) => scenarios::long()
            .into_iter()
            .filter(|one| one.name == name)
            .collect(),
        Err(_) => scenarios::short(),
    };
    assert!(!scenarios.is_empty(), "MODEL_BOUNDS names no scenario");
    let outcomes = all(&scenarios, |scenario| {
        let rules = Rules {
            window: scenario.window,
            mutant: None,
        };
        let outcome = search(&scenario.starts, rules);
        eprintln!("{}: {outcome}", scenario.name);
        outcome
    });
    let states: usize = outcomes.iter().map(|outcome| outcome.states).sum();
    let failures: Vec<_> = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.broken)
        .collect();
    for property in Property::ALL {
        let broken = failures
            .iter()
            .any(|failure| failure.broken.property == property);
        let result = match (broken, failures.is_empty()) {
            (true, _) => "BROKEN",
            (false, true) => "holds",
            // The search ended early.
            (false, false) => "UNKNOWN",
        };
        let (name, about) = property.text();
        row(name, states, result, about);
    }
    let ways: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(ways.is_empty(), "{}", ways.join("\n\n"));
}

#[test]
fn every_mutant_is_found() {
    let scenarios = scenarios::for_mutants();
    let outcomes = all(&Mutant::ALL, |mutant| {
        let mut states = 0;
        for scenario in &scenarios {
            let rules = Rules {
                window: scenario.window,
                mutant: Some(*mutant),
            };
            let outcome = search(&scenario.starts, rules);
            states += outcome.states;
            if outcome.broken.is_some() {
                eprintln!("{mutant:?} found in {states} states");
                return (states, true);
            }
        }
        eprintln!("{mutant:?} survived {states} states");
        (states, false)
    });
    let mut survivors = Vec::new();
    for ((mutant, property), (states, found)) in Mutant::ALL.iter().zip(&outcomes) {
        let mutant = format!("{mutant:?}");
        let (name, _) = property.text();
        let result = if *found { "found" } else { "SURVIVED" };
        row(&mutant, *states, result, name);
        if !found {
            survivors.push(mutant);
        }
    }
    let shown: BTreeSet<Property> = Mutant::ALL.iter().map(|(_, property)| *property).collect();
    assert_eq!(
        shown.len(),
        Property::ALL.len(),
        "each property has a mutant"
    );
    assert!(survivors.is_empty(), "{survivors:?}");
}
