//! Variables in YAML files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod collections;
mod generator;
mod properties;
mod scalars;
mod seen;

use transforms::yaml_variables;
use variables::VariableSet;

/// Rows of text, variable, value, and what becomes of the text.
#[track_caller]
pub(crate) fn check(rows: &[(&str, &str, &str, &str)]) {
    for (text, name, value, expected) in rows {
        let set = VariableSet::from_iter([(*name, *value)]);
        let outcome = yaml_variables(text, &set).unwrap();
        assert_eq!(outcome.text, *expected, "{name} = {value:?} in {text}");
    }
}
