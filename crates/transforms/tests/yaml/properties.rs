//! What holds for any text.

use proptest::prelude::*;
use transforms::yaml_variables;
use variables::VariableSet;

use crate::generator::documents;
use crate::seen::{Seen, see};

/// Those that are not at the path, nor below it.
fn others(seen: &Seen, path: &str) -> Seen {
    let below = format!("{path}:");
    let others = seen
        .iter()
        .filter(|(it, _)| it != path && !it.starts_with(&below));
    others.cloned().collect()
}

fn at<'s>(seen: &'s Seen, path: &str) -> Vec<&'s str> {
    let there = seen.iter().filter(|(it, _)| it == path);
    there.map(|(_, value)| value.as_str()).collect()
}

/// A path that leads to a value of this kind in every document that has it.
fn pick<'s>(
    seen: &'s Seen,
    index: &prop::sample::Index,
    is_it: fn(&str) -> bool,
) -> Option<&'s str> {
    let of_kind = |path: &str| at(seen, path).into_iter().all(is_it);
    let paths = seen.iter().map(|(path, _)| path.as_str());
    let paths: Vec<_> = paths
        .filter(|path| !path.is_empty() && !path.contains('?') && of_kind(path))
        .collect();
    (!paths.is_empty()).then(|| paths[index.index(paths.len())])
}

/// Comments of the text: `#` stands nowhere else but in one quoted scalar.
fn comments(text: &str) -> usize {
    text.matches('#').count() - text.matches("#\"").count()
}

const VALUES: &[&str] = &[
    "x",
    "",
    "5",
    " a",
    "a: b",
    "a #b",
    "it's",
    "\"",
    "\\",
    "l1\nl2",
    "l1\n\n l2\n",
    "é\n\n",
    "\n",
    "[x",
    "- x",
    "a, b",
    "\r\n",
    "null",
    "x:",
    "\t",
    "?",
    "---",
    "&a",
    "*a",
    "|",
    ">",
    "x\ty",
];

const FRAGMENTS: &[&str] = &[
    "x: 1\ny:\n  - 2\n  - z: |\n      t\n",
    "- 1\n- a: b\n  c: d",
    "[1, {a: b}]",
    "{\"a\": [1,\n2]}",
    "a:\n- b\n-\n  c: d",
    "- - x\n  - y\n- z",
    "a: &q 1\nb: *q",
    "a: |+\n  t\n",
    "a: >-\n  t\n  u",
    "a: 'x\n  y'\nb: x\n  y",
    "? [a]\n: b\n? c\n",
    "  a: 1\n\n  b: 2",
    "!u\n- a",
    "&q {a: b}",
];

proptest! {
    #[test]
    fn without_variables_nothing_changes(text in documents()) {
        let seen = see(&text);
        prop_assert!(seen.is_some(), "the generator makes no YAML");
        let outcome = yaml_variables(&text, &VariableSet::from_iter([("none", "x")])).unwrap();
        prop_assert_eq!(outcome.text, text);
        prop_assert!(outcome.replaced.is_empty());
    }

    #[test]
    fn a_scalar_gets_its_value_and_the_rest_stays(text in documents(), index in any::<prop::sample::Index>(), value in prop_oneof![prop::sample::select(VALUES).prop_map(str::to_owned), "(\\PC|\n| ){0,12}"]) {
        let Some(before) = see(&text) else { return Ok(()) };
        let Some(path) = pick(&before, &index, |it| it.ends_with('"')) else { return Ok(()) };
        prop_assume!(!value.contains("#{"));
        let set = VariableSet::from_iter([(path, &value)]);
        let outcome = yaml_variables(&text, &set).unwrap();
        let after = see(&outcome.text);
        prop_assert!(after.is_some(), "no YAML:\n{}", outcome.text);
        let after = after.unwrap();
        prop_assert_eq!(others(&before, path), others(&after, path), "{}", outcome.text);
        let expected = format!("{value:?}");
        for (old, new) in at(&before, path).into_iter().zip(at(&after, path)) {
            prop_assert!(new.ends_with(&expected) || old.contains('*'), "{new} in\n{}", outcome.text);
            let properties = |text: &str| text.split('"').next().map(|it| it.replace("nothing ", ""));
            prop_assert_eq!(properties(old), properties(new));
        }
        if !value.contains('#') {
            prop_assert_eq!(comments(&text), comments(&outcome.text), "{}", outcome.text);
        }
        let again = yaml_variables(&outcome.text, &set).unwrap();
        prop_assert_eq!(again.text, outcome.text);
    }

    #[test]
    fn a_collection_takes_a_fragment_and_the_rest_stays(text in documents(), index in any::<prop::sample::Index>(), fragment in prop::sample::select(FRAGMENTS)) {
        let Some(before) = see(&text) else { return Ok(()) };
        let Some(path) = pick(&before, &index, |it| it.ends_with('e') || it.ends_with('g')) else { return Ok(()) };
        let set = VariableSet::from_iter([(path, fragment)]);
        // An anchor may have gone that is needed elsewhere.
        let Ok(outcome) = yaml_variables(&text, &set) else {
            prop_assert!(text.contains('*'));
            return Ok(());
        };
        let after = see(&outcome.text).unwrap();
        prop_assert_eq!(others(&before, path), others(&after, path), "{}", outcome.text);
        let parts = see(fragment).unwrap();
        let below = format!("{path}:");
        let found: Seen = after.iter().filter_map(|(it, value)| Some((it.strip_prefix(&below)?.to_owned(), value.clone()))).collect();
        let count = at(&before, path).len();
        let expected: Seen = std::iter::repeat_n(&parts[1..], count).flatten().cloned().collect();
        let plain = |seen: Seen| seen.into_iter().map(|(path, value)| (path, value.replace("nothing \"~\"", "\"null\""))).collect::<Seen>();
        prop_assert_eq!(plain(found), plain(expected), "{}", outcome.text);
    }

    #[test]
    fn any_text_is_refused_or_stays_yaml(text in prop_oneof![soup(), "\\PC{0,20}"], value in prop_oneof![soup(), "\\PC{0,8}"]) {
        let names = ["a", "0", "a:a", "a:0", "0:a", "0:0", "a:b"];
        let set = VariableSet::from_iter(names.map(|name| (name, value.replace("#{", ""))));
        if let Ok(outcome) = yaml_variables(&text, &set) {
            prop_assert!(see(&outcome.text).is_some(), "{}", outcome.text);
        }
        if let Ok(outcome) = yaml_variables(&text, &VariableSet::new()) {
            prop_assert_eq!(outcome.text, text);
        }
    }
}

fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", ":", " ", "\n", "  ", "- ", "? ", "[", "]", "{", "}", ",", "|", ">", "+", "2", "'",
        "\"", "#", "&x ", "*x", "!t ", "---\n", "...\n", "\t", "\r\n", "a: ", "b: ", "- a\n", "%",
        "é", "\\",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}
