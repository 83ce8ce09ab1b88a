//! Variables in JSON files, one row per rule, and which format a file is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use transforms::{TransformError, json_variables, structured_variables};
use variables::VariableSet;

/// Rows of text, variable, value, and what becomes of the text.
#[track_caller]
fn check(rows: &[(&str, &str, &str, &str)]) {
    for (text, name, value, expected) in rows {
        let set = VariableSet::from_iter([(*name, *value)]);
        let outcome = json_variables(text, &set).unwrap();
        assert_eq!(outcome.text, *expected, "{name} = {value} in {text}");
    }
}

#[test]
fn json_paths() {
    let text = r#"{ "A": {"b": [1, {"c": "x"}]}, "A:b": "y", "": "z" }"#;
    check(&[
        (
            text,
            "a:B:1:C",
            "v",
            r#"{ "A": {"b": [1, {"c": "v"}]}, "A:b": "y", "": "z" }"#,
        ),
        (
            text,
            "A:b:0",
            "2",
            r#"{ "A": {"b": [2, {"c": "x"}]}, "A:b": "y", "": "z" }"#,
        ),
        (
            text,
            "A:b",
            "[]",
            r#"{ "A": {"b": []}, "A:b": "[]", "": "z" }"#,
        ),
        (text, "A:b:2", "v", text),
        (text, "b", "v", text),
        ("[{\"a\": 1}]", "0:a", "2", "[{\"a\": 2}]"),
        ("5", "0", "2", "5"),
        (r#"{"\u0041": 1}"#, "a", "2", r#"{"\u0041": 2}"#),
        (r#"{"a": 1, "a": 1}"#, "a", "2", r#"{"a": 2, "a": 2}"#),
        (
            r#"{"OctopusX": 1, "Octopus": {"a": 1}}"#,
            "OctopusX",
            "2",
            r#"{"OctopusX": 1, "Octopus": {"a": 1}}"#,
        ),
        (
            r#"{"Octopus": {"a": 1}}"#,
            "Octopus",
            "2",
            r#"{"Octopus": {"a": 1}}"#,
        ),
        (
            r#"{"Octopus": {"a": 1}}"#,
            "Octopus:a",
            "2",
            r#"{"Octopus": {"a": 2}}"#,
        ),
    ]);
}

#[test]
fn json_types() {
    check(&[
        (r#"{"a": 1}"#, "a", "-2.5e3", r#"{"a": -2.5e3}"#),
        (r#"{"a": 1}"#, "a", " 7 ", r#"{"a": 7}"#),
        (r#"{"a": 1}"#, "a", "007", r#"{"a": "007"}"#),
        (r#"{"a": 1}"#, "a", "true", r#"{"a": "true"}"#),
        (r#"{"a": true}"#, "a", "False", r#"{"a": false}"#),
        (r#"{"a": true}"#, "a", "0", r#"{"a": "0"}"#),
        (r#"{"a": "x"}"#, "a", "1", r#"{"a": "1"}"#),
        (r#"{"a": null}"#, "a", "true", r#"{"a": "true"}"#),
        (
            r#"{"a": "x"}"#,
            "a",
            "\"\\\n\u{1}é/",
            r#"{"a": "\"\\\n\u0001é/"}"#,
        ),
        (
            r#"{"a": {"b": 1}}"#,
            "a",
            "{ \"c\": [] }",
            r#"{"a": { "c": [] }}"#,
        ),
        (r#"{"a": {"b": 1}}"#, "a", "5", r#"{"a": 5}"#),
        (r#"{"a": []}"#, "a", "no json", r#"{"a": "no json"}"#),
        (
            r#"{"a": "\u0078\ud83d\ude00"}"#,
            "a",
            "x😀",
            r#"{"a": "\u0078\ud83d\ude00"}"#,
        ),
        (r#"{"a": 1}"#, "a", "#{Gone}", r##"{"a": "#{Gone}"}"##),
        (r#"{"a": 1}"#, "a", "#{ | Null}", r#"{"a": 1}"#),
    ]);
}

#[test]
fn json_layout_stays() {
    check(&[
        ("[[1], 2]", "0", "// x\n[3] // y", "[[3], 2]"),
        (
            "\r\n{\t// one\r\n \"a\" :/* two */ 1 , \r\n}\r\n",
            "a",
            "2",
            "\r\n{\t// one\r\n \"a\" :/* two */ 2 , \r\n}\r\n",
        ),
        (
            "{\r\n\"a\": []\r\n}",
            "a",
            "[\n1\n]",
            "{\r\n\"a\": [\r\n1\r\n]\r\n}",
        ),
    ]);
    let set = VariableSet::from_iter([
        ("a", r#"{"b": 1, "c": 1}"#),
        ("a:b", "2"),
        ("a:d", "3"),
        ("e", "4"),
    ]);
    let outcome = json_variables(r#"{"e": 0, "a": {"d": 0}}"#, &set).unwrap();
    assert_eq!(outcome.text, r#"{"e": 4, "a": {"b": 2, "c": 1}}"#);
    assert_eq!(outcome.replaced, ["e", "a", "a:b"]);
}

#[track_caller]
fn check_error(file: &str, text: &str, expected: &Expect) {
    let set = VariableSet::from_iter([("a", "#{a}")]);
    let error = structured_variables(file, text, &set).unwrap_err();
    expected.assert_eq(&error.to_string());
}

#[test]
fn errors() {
    check_error(
        "a.json",
        "",
        &expect!["line 1, column 1: expected a value, found the end; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "{\n \"é\" 1}",
        &expect!["line 2, column 6: expected `:`, found `1`; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "{a: 1}",
        &expect![
            "line 1, column 2: expected a name in quotes or `}`, found `a`; correct the JSON of the file"
        ],
    );
    check_error(
        "a.json",
        "[1 2]",
        &expect!["line 1, column 4: expected `,` or `]`, found `2`; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "[01]",
        &expect!["line 1, column 3: expected `,` or `]`, found `1`; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "[-]",
        &expect!["line 1, column 3: expected a digit, found `]`; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "\"a\n\"",
        &expect![
            "line 1, column 3: a string can't hold line breaks or control characters; correct the JSON of the file"
        ],
    );
    check_error(
        "a.json",
        "\"a",
        &expect![
            "line 1, column 3: this string has no closing quote; correct the JSON of the file"
        ],
    );
    check_error(
        "a.json",
        "\"\\x\"",
        &expect!["line 1, column 2: this escape is none of JSON; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "\"\\u+123\"",
        &expect![[
            r#"line 1, column 2: expected four digits after `\u`; correct the JSON of the file"#
        ]],
    );
    check_error(
        "a.json",
        "[] /* ",
        &expect!["line 1, column 4: this comment has no end; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "[] []",
        &expect!["line 1, column 4: expected the end, found `[`; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        &"[".repeat(100_000),
        &expect!["line 1, column 130: nested deeper than 128 levels; correct the JSON of the file"],
    );
    check_error(
        "a.json",
        "{\"a\": 1}",
        &expect![
            "the variable `a` can't be evaluated; correct it, or the variables that it refers to"
        ],
    );
    check_error(
        "a.PROPERTIES",
        "x=1\n  b\\u12 = x",
        &expect![[
            r#"line 2, column 5: expected four digits after `\u`; correct the properties of the file"#
        ]],
    );
    check_error(
        "a.xml",
        "<a>",
        &expect![
            "line 1, column 1: the root node was opened but never closed; correct the XML of the file"
        ],
    );
    check_error(
        "a.yml",
        "{a: [1}",
        &expect![
            "line 1, column 5: mismatched bracket '[' closed by '}'; correct the YAML of the file"
        ],
    );
    check_error(
        "a.conf",
        "a: b: \\u",
        &expect![[
            r"variables can't be put into this file: as JSON, line 1, column 1: expected a value, found `a`; correct the JSON of the file; as XML, line 1, column 1: unknown token; correct the XML of the file; as YAML, line 1, column 5: mapping values are not allowed in this context; correct the YAML of the file; as properties, line 1, column 8: expected four digits after `\u`; correct the properties of the file"
        ]],
    );
    check_error(
        "a.conf",
        "<!DOCTYPE a><a/>",
        &expect![
            "line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it"
        ],
    );
}

#[test]
fn json_is_tried_first() {
    let set = VariableSet::from_iter([("a", "2")]);
    for file in ["a.json", "a.yml", "a.properties", "a"] {
        assert_eq!(
            structured_variables(file, "{\"a\": 1}", &set).unwrap().text,
            "{\"a\": 2}"
        );
    }
}

#[test]
fn formats_by_extension() {
    let set = VariableSet::from_iter([("a", "2"), ("/a", "2")]);
    for (file, text, expected) in [
        ("x.Properties", "a: 1\nb: [", "a: 2\nb: ["),
        ("x.XML", "<a>1</a>", "<a>2</a>"),
        ("x.yml", "a: 1 # b", "a: 2 # b"),
        ("dir.xml/x.YAML", "a : '1'", "a : '2'"),
        // An unknown extension: the first that it can be read as.
        ("x.config", "{\"a\": 1} // b", "{\"a\": 2} // b"),
        ("x.config", "<a>1</a>", "<a>2</a>"),
        ("x.config", "- 1\n- a: 1", "- 1\n- a: 1"),
        ("x", "a: 1", "a: 2"),
        ("x.conf", "a: 1: 1", "a: 2"),
        // Text of one line is YAML.
        ("x.conf", "a=1", "a=1"),
    ] {
        let outcome = structured_variables(file, text, &set).unwrap();
        assert_eq!(outcome.text, expected, "{file}");
    }
}

#[test]
fn chains_of_json_values_have_a_limited_depth() {
    let set: VariableSet = (1..2000)
        .map(|depth| (["a"; 2000][..depth].join(":"), "{\"a\": {}}"))
        .collect();
    let error = json_variables("{\"a\": {}}", &set).unwrap_err();
    assert!(matches!(error, TransformError::Variable { .. }));
}

fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = String> {
    let leaves = vec!["1", "true", "null", "\"a\"", "\"\\u0041\"", "-2.5E+1"];
    let leaf = prop::sample::select(leaves).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|entries| format!("[ {} ]", entries.join(",\n"))),
            prop::collection::vec(("[ab]", inner), 0..4).prop_map(|members| {
                let members: Vec<_> = members
                    .into_iter()
                    .map(|(name, value)| format!("\"{name}\" :{value}"))
                    .collect();
                format!("{{{}}} // x\n", members.join(" , "))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn without_variables_nothing_changes(text in prop_oneof![json(), pieces(&["{", "}", "[", "]", "\"a\"", ":", ",", "1", "true", "\\", "\n", "//", "/*"])]) {
        if let Ok(outcome) = json_variables(&text, &VariableSet::new()) {
            prop_assert_eq!(outcome.text, text);
        }
    }

    #[test]
    fn any_json_is_read_and_changed_json_is_json(text in json(), value in prop_oneof![json(), "\\PC{0,8}"]) {
        let set = VariableSet::from_iter([("a", &value), ("b:a", &value), ("0", &value), ("1:a:0", &value)]);
        let outcome = json_variables(&text, &set).unwrap();
        let again = json_variables(&outcome.text, &set).unwrap();
        prop_assert!(again.replaced.len() >= outcome.replaced.len(), "{}", outcome.text);
    }
}
