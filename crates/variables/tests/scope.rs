//! Which of several values holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use variables::scope::{Scope, ScopedVariable, Target, resolve};

/// `env=prod,test role=web` as a scope.
fn scope(text: &str) -> Scope {
    let mut scope = Scope::default();
    for (dimension, values) in text
        .split_whitespace()
        .filter_map(|part| part.split_once('='))
    {
        let values = values.split(',').map(str::to_owned).collect();
        match dimension {
            "env" => scope.environments = values,
            "machine" => scope.machines = values,
            "role" => scope.roles = values,
            "step" => scope.steps = values,
            "channel" => scope.channels = values,
            "process" => scope.processes = values,
            _ => panic!("{dimension}"),
        }
    }
    scope
}

fn variable(name: &str, value: &str) -> ScopedVariable {
    ScopedVariable {
        name: name.to_owned(),
        value: value.to_owned(),
        sensitive: false,
        scope: scope(value),
    }
}

fn target() -> Target {
    Target {
        environment: Some("prod".to_owned()),
        machine: Some("m1".to_owned()),
        roles: vec!["web".to_owned(), "db".to_owned()],
        step: Some("s1".to_owned()),
        channel: Some("stable".to_owned()),
        process: Some("deploy".to_owned()),
    }
}

/// From the most to the least specific; the value of each is its own scope.
const RANKED: &[&str] = &[
    "step=s1 machine=m1",
    "step=s1",
    "machine=m1 env=prod",
    "machine=m1,m2",
    "role=db env=prod channel=stable",
    "role=db env=prod",
    "role=web channel=stable",
    "role=WEB",
    "env=Prod process=deploy",
    "env=test,prod",
    "channel=stable",
    "process=deploy",
    "",
];

#[test]
fn the_most_specific_wins() {
    for (at, expected) in RANKED.iter().enumerate() {
        let mut variables: Vec<_> = RANKED[at..]
            .iter()
            .map(|scope| variable("V", scope))
            .collect();
        for _ in 0..2 {
            assert_eq!(resolve(&variables, &target()).get_raw("v"), Some(*expected));
            variables.reverse();
        }
    }
}

#[test]
fn what_does_not_match_is_left_out() {
    for other in [
        "env=test",
        "machine=m2",
        "role=cache",
        "step=s2",
        "channel=beta",
        "process=runbook",
        "env=prod role=cache",
    ] {
        let set = resolve(&[variable("V", other), variable("W", "")], &target());
        assert_eq!(set.names().collect::<Vec<_>>(), ["W"], "{other}");
    }
    let nowhere = resolve(
        &[variable("V", "env=prod"), variable("W", "")],
        &Target::default(),
    );
    assert_eq!(nowhere.names().collect::<Vec<_>>(), ["W"]);
}

#[test]
fn the_winner_brings_its_flag_and_equals_go_to_the_first() {
    let mut secret = variable("v", "env=prod");
    secret.sensitive = true;
    let set = resolve(
        &[
            variable("V", ""),
            secret.clone(),
            variable("V", "env=prod,test"),
        ],
        &target(),
    );
    assert!(set.variable("V").unwrap().sensitive);
    assert_eq!(set.get_raw("V"), Some("env=prod"));
    let set = resolve(&[secret, variable("V", "machine=m1")], &target());
    assert!(!set.variable("V").unwrap().sensitive);
}

proptest! {
    #[test]
    fn the_order_of_definition_does_not_matter(shuffled in Just(RANKED.to_vec()).prop_shuffle()) {
        let variables: Vec<_> = shuffled.iter().map(|scope| variable("V", scope)).collect();
        let set = resolve(&variables, &target());
        prop_assert_eq!(set.get_raw("V"), Some(RANKED[0]));
    }
}
