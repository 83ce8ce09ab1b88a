//! Variables in .properties files, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use transforms::properties_variables;
use variables::VariableSet;

/// Rows of text, variable, value, and what becomes of the text.
#[track_caller]
fn check(rows: &[(&str, &str, &str, &str)]) {
    for (text, name, value, expected) in rows {
        let set = VariableSet::from_iter([(*name, *value)]);
        let outcome = properties_variables(text, &set).unwrap();
        assert_eq!(outcome.text, *expected, "{name} = {value} in {text}");
    }
}

#[test]
fn properties() {
    check(&[
        (
            "a=1\nb = 2\r\n  c:\t3\nd 4\n",
            "B",
            "x",
            "a=1\nb = x\r\n  c:\t3\nd 4\n",
        ),
        (
            "a=1\nb = 2\r\n  c:\t3\nd 4\n",
            "c",
            "x",
            "a=1\nb = 2\r\n  c:\tx\nd 4\n",
        ),
        (
            "a=1\nb = 2\r\n  c:\t3\nd 4\n",
            "d",
            "x",
            "a=1\nb = 2\r\n  c:\t3\nd x\n",
        ),
        ("a", "a", "x", "a:x"),
        ("a\nb", "a", "x", "a:x\nb"),
        ("a =", "a", "x", "a =x"),
        ("a ", "a", "x", "a x"),
        ("a ", "a", ":=x", "a \\:=x"),
        ("a = ", "a", "=x", "a = =x"),
        ("a\\", "a", "x", "a:x"),
        ("a\\\\", "a\\", "x", "a\\\\:x"),
        ("# a=1\n ! a=1\\\na=2", "a", "x", "# a=1\n ! a=1\\\na=x"),
        ("a=1\\\n  2\nb=3", "a", "x", "a=x\nb=3"),
        ("a=1\\\r\n  2\r\nb=3", "b", "x", "a=1\\\r\n  2\r\nb=x"),
        ("a=1\\\\\nb=3", "b", "x", "a=1\\\\\nb=x"),
        ("a\\\n  b=1", "ab", "x", "a\\\n  b=x"),
        (
            "a\\ b\\:\\=\\u00e9=1",
            "a b:=é",
            "x",
            "a\\ b\\:\\=\\u00e9=x",
        ),
        ("a.b=1", "A.B", " é\n\\", "a.b=\\ \\u00e9\\n\\\\"),
        ("a=\\u0078\\\n  y", "a", "xy", "a=\\u0078\\\n  y"),
        ("a=1\na=2", "a", "x", "a=x\na=x"),
        ("octopus.a=1", "octopus.a", "x", "octopus.a=1"),
        ("a=1=2:3 # no comment", "a", "", "a="),
        ("=1", "", "x", "=x"),
    ]);
}

fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn properties_keep_all_other_lines(text in pieces(&["a", "b", "=", ":", " ", "\\", "\n", "\r\n", "#", "!", "é", "\\u0041"]), value in "\\PC{0,8}") {
        let Ok(same) = properties_variables(&text, &VariableSet::new()) else { return Ok(()) };
        prop_assert_eq!(&same.text, &text);
        let set = VariableSet::from_iter([("a", value.replace("#{", ""))]);
        let outcome = properties_variables(&text, &set).unwrap();
        // What was written is read back: nothing is left to change.
        prop_assert_eq!(properties_variables(&outcome.text, &set).unwrap(), outcome);
    }
}
