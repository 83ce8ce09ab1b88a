//! Scalars, and what has names.

use transforms::{TransformError, yaml_variables};
use variables::VariableSet;

use crate::check;

#[test]
fn paths() {
    let text = "A:\n  b:\n  - x\n  - c: y\n\"A:b\": z\n5: v\n";
    check(&[
        (text, "a:B:0", "1", &text.replace("- x", "- 1")),
        (text, "A:b:1:C", "1", &text.replace("y", "1")),
        (text, "5", "1", &text.replace("v", "1")),
        (text, "A:b:2", "1", text),
        (text, "b", "1", text),
        (text, "A:b:", "1", text),
        ("- a\n- b", "1", "x", "- a\n- x"),
        ("a", "0", "x", "a"),
        ("", "a", "x", ""),
        ("# a: b\n", "a", "x", "# a: b\n"),
        (
            "a: 1\n---\n- a: 1\n---\na: 3\n...\n",
            "a",
            "x",
            "a: x\n---\n- a: 1\n---\na: x\n...\n",
        ),
        ("%YAML 1.2\n---\na: 1\n", "a", "x", "%YAML 1.2\n---\na: x\n"),
        ("a: 1\na: 2\n", "a", "x", "a: x\na: x\n"),
        (
            "? a\n: 1\n? [b]\n: c: 1\n",
            "a",
            "x",
            "? a\n: x\n? [b]\n: c: 1\n",
        ),
        ("&k a: 1", "a", "x", "&k a: x"),
        ("a: &b 1\nc: *b\n*b : 2", "c", "x", "a: &b 1\nc: *b\n*b : 2"),
        ("<<: {a: 1}", "<<:a", "x", "<<: {a: x}"),
        (
            "OctopusX: 1\nOctopus: {a: 1}",
            "OctopusX",
            "2",
            "OctopusX: 1\nOctopus: {a: 1}",
        ),
        (
            "OctopusX: 1\nOctopus: {a: 1}",
            "Octopus:a",
            "2",
            "OctopusX: 1\nOctopus: {a: 2}",
        ),
        ("a: 1", "a", "#{Gone}", "a: \"#{Gone}\""),
        ("a: 1", "a", "#{ | Null}", "a: 1"),
    ]);
    // `A:b` names two values.
    check(&[(text, "a:b", "1", "A:\n  b: 1\n\"A:b\": 1\n5: v\n")]);
}

#[test]
fn plain() {
    for (value, written) in [
        ("5", "5"),
        ("true", "true"),
        ("~", "~"),
        ("two words", "two words"),
        ("http://host:80/?a=b#c", "http://host:80/?a=b#c"),
        ("é😀", "é😀"),
        ("it's", "it's"),
        ("a, [b] {c}", "a, [b] {c}"),
        ("", "\"\""),
        (" a", "\" a\""),
        ("a ", "\"a \""),
        ("a: b", "\"a: b\""),
        ("a:", "\"a:\""),
        ("a #b", "\"a #b\""),
        ("- a", "\"- a\""),
        ("[a]", "\"[a]\""),
        ("{a", "\"{a\""),
        ("*a", "\"*a\""),
        ("&a b", "\"&a b\""),
        ("!a", "\"!a\""),
        ("%a", "\"%a\""),
        ("@a", "\"@a\""),
        ("'a", "\"'a\""),
        ("\"a\"\\", "\"\\\"a\\\"\\\\\""),
        ("a\nb", "\"a\\nb\""),
        ("a\r\n\tb", "\"a\\r\\n\\tb\""),
        (
            "a\u{85}\u{2028}\u{FEFF}\u{1}",
            "\"a\\u0085\\u2028\\ufeff\\u0001\"",
        ),
    ] {
        check(&[
            ("k: x # c\n", "k", value, &format!("k: {written} # c\n")),
            ("- x\n", "0", value, &format!("- {written}\n")),
            (
                "k: !t &a x y\n  z\nl: *a",
                "k",
                value,
                &format!("k: !t &a {written}\nl: *a"),
            ),
            ("k:", "k", value, &format!("k: {written}")),
        ]);
    }
    // Between brackets less goes without quotes.
    check(&[
        ("{k: x, l: [y]}", "k", "a b", "{k: a b, l: [y]}"),
        ("{k: x, l: [y]}", "k", "a, b", "{k: \"a, b\", l: [y]}"),
        ("{k: x, l: [y]}", "l:0", "a]", "{k: x, l: [\"a]\"]}"),
        ("{k: x, l: [y]}", "l:0", "a: b", "{k: x, l: [\"a: b\"]}"),
        ("{\"k\":1,l: [a: b]}", "k", "x", "{\"k\":x,l: [a: b]}"),
        ("{\"k\":1,l: [a: b]}", "l:0:a", "x", "{\"k\":1,l: [a: x]}"),
    ]);
}

#[test]
fn quoted() {
    check(&[
        ("k: 'x' # c\n", "k", "it's", "k: 'it''s' # c\n"),
        ("k: 'x'", "k", "", "k: ''"),
        ("k: 'x'", "k", " a: #\\ ", "k: ' a: #\\ '"),
        ("k: 'x'", "k", "a\nb", "k: \"a\\nb\""),
        ("k: 'x'", "k", "5", "k: '5'"),
        ("k: 'it''s'", "k", "it's", "k: 'it''s'"),
        (
            "k: \"x\" # c\n",
            "k",
            "\"é\\\t",
            "k: \"\\\"é\\\\\\t\" # c\n",
        ),
        ("k: \"x\ny\"\nl: 1", "k", "5", "k: \"5\"\nl: 1"),
        ("k: \"\\x78\"", "k", "x", "k: \"\\x78\""),
        ("k: !!str 'x'", "k", "y", "k: !!str 'y'"),
    ]);
}

#[test]
fn nothing() {
    check(&[
        ("a:\nb: 1", "a", "x", "a: x\nb: 1"),
        ("a:  # c\nb: 1", "a", "x", "a: x  # c\nb: 1"),
        ("a :\t\nb: 1", "a", "x", "a : x\t\nb: 1"),
        ("a: !!str\nb: 1", "a", "x", "a: !!str x\nb: 1"),
        ("a: &x # c\nb: *x", "a", "x", "a: &x x # c\nb: *x"),
        ("-\n- b", "0", "x", "- x\n- b"),
        ("- # c\n- b", "0", "x", "- x # c\n- b"),
        ("-  \n", "0", "x", "- x  \n"),
        ("- a\n-", "1", "x", "- a\n- x"),
        ("a:\n- \n- b:", "a:1:b", "x", "a:\n- \n- b: x"),
        ("{a, b: , c:}", "a", "x", "{a: x, b: , c:}"),
        ("{a, b: , c:}", "b", "x", "{a, b: x , c:}"),
        ("{a, b: , c:}", "c", "x", "{a, b: , c: x}"),
        ("{\"a\":,\"b\" :}", "a", "x", "{\"a\": x,\"b\" :}"),
        ("[a: , ? b]", "0:a", "x", "[a: x , ? b]"),
        ("[a: , ? b]", "1:b", "x", "[a: , ? b: x]"),
        (
            "x:\r\n  ? a\r\n  ? b # c\r\n",
            "x:a",
            "1",
            "x:\r\n  ? a\r\n  : 1\r\n  ? b # c\r\n",
        ),
        ("? a\n:\n", "a", "1", "? a\n: 1\n"),
    ]);
}

#[test]
fn literal() {
    let text = "a:\n  b: |  # c\n    x\n      y\n\n    z\n\n  # d\n  e: 1\n";
    check(&[
        (
            text,
            "a:b",
            "one\ntwo\n",
            "a:\n  b: |  # c\n    one\n    two\n\n  # d\n  e: 1\n",
        ),
        (
            text,
            "a:b",
            "one",
            "a:\n  b: |-  # c\n    one\n\n  # d\n  e: 1\n",
        ),
        (
            text,
            "a:b",
            "one\n\n\n",
            "a:\n  b: |+  # c\n    one\n\n\n  # d\n  e: 1\n",
        ),
        (
            text,
            "a:b",
            "\n one\n\n  \ntwo\t\n",
            "a:\n  b: |2  # c\n\n     one\n\n      \n    two\t\n\n  # d\n  e: 1\n",
        ),
        (
            text,
            "a:b",
            "a: \"b\" # c\\",
            "a:\n  b: |-  # c\n    a: \"b\" # c\\\n\n  # d\n  e: 1\n",
        ),
        (text, "a:b", "", "a:\n  b: \"\"  # c\n\n  # d\n  e: 1\n"),
        (
            text,
            "a:b",
            "\n",
            "a:\n  b: \"\\n\"  # c\n\n  # d\n  e: 1\n",
        ),
        (
            text,
            "a:b",
            "x\r\ny",
            "a:\n  b: \"x\\r\\ny\"  # c\n\n  # d\n  e: 1\n",
        ),
        (text, "a:b", "x\n  y\n\nz\n", text),
        ("a: |\n  x", "a", "y\n", "a: |\n  y\n"),
        ("a: |\n  x", "a", "y\nz", "a: |-\n  y\n  z"),
        ("a: |\nb: 1\n", "a", "x", "a: |-\n  x\nb: 1\n"),
        ("a: |\n# c\nb: 1\n", "a", "x", "a: |-\n  x\n# c\nb: 1\n"),
        (
            "- - |+\n    x\n\n\n  - y\n",
            "0:0",
            "z\n",
            "- - |\n    z\n  - y\n",
        ),
        ("- !t &a |1\n  x\n", "0", "z\n", "- !t &a |1\n z\n"),
        (
            "a: |\r\n  x\r\n\r\nb: 1\r\n",
            "a",
            "y\nz\n",
            "a: |\r\n  y\r\n  z\r\n\r\nb: 1\r\n",
        ),
        ("a: |-\n x\n   \nb: 1\n", "a", "y\n", "a: |\n y\nb: 1\n"),
        (
            "a:\n  # c | d\n  |\n  x\nb: 1\n",
            "a",
            "y\n",
            "a:\n  # c | d\n  |\n  y\nb: 1\n",
        ),
    ]);
}

#[test]
fn folded() {
    let text = "a: >  # c\n  x\n  y\n\nb: 1\n";
    check(&[
        (text, "a", "one two\n", "a: >  # c\n  one two\n\nb: 1\n"),
        (
            text,
            "a",
            "one\ntwo",
            "a: >-  # c\n  one\n\n  two\n\nb: 1\n",
        ),
        (
            text,
            "a",
            "one\n\ntwo\n",
            "a: >  # c\n  one\n\n\n  two\n\nb: 1\n",
        ),
        (
            text,
            "a",
            "one\n  two\n",
            "a: |  # c\n  one\n    two\n\nb: 1\n",
        ),
        (text, "a", "x y\n", text),
        (text, "a", "\u{7}", "a: \"\\u0007\"  # c\n\nb: 1\n"),
    ]);
}

#[test]
fn names_that_were_replaced() {
    let set = VariableSet::from_iter([("a:b", "1"), ("C", "{x: 1}"), ("c:x", "2"), ("d", "3")]);
    let outcome = yaml_variables("c: {x: 0}\nA: {B: 0}\ne: 0\n---\nc: 1", &set).unwrap();
    assert_eq!(
        outcome.text,
        "c: {x: 1}\nA: {B: 1}\ne: 0\n---\nc: \"{x: 1}\""
    );
    assert_eq!(outcome.replaced, ["c", "A:B", "c"]);
}

#[test]
fn errors() {
    for (text, expected) in [
        ("a: b: c", "line 1, column 5: "),
        ("é: [1\nb: 2", "line 2, column 2: "),
        ("a: 'x", "line 1, column "),
        (
            "a: *b",
            "line 1, column 4: while parsing node, found unknown anchor; correct the YAML of the file",
        ),
    ] {
        let error = yaml_variables(text, &VariableSet::new()).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(matches!(
            error,
            TransformError::Syntax { format: "YAML", .. }
        ));
    }
    let set = VariableSet::from_iter([("a", "#{a}"), ("b", "[]")]);
    let error = yaml_variables("a: 1", &set).unwrap_err();
    assert!(matches!(error, TransformError::Variable { .. }), "{error}");
    let error = yaml_variables("b: [&x 1]\nc: *x", &set).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the variable `b` can't be written into the file: the result is no YAML: line 2, column 4: while parsing node, found unknown anchor; correct the YAML of the file"
    );
}

#[test]
fn extremes() {
    let set = VariableSet::from_iter([("a", "x")]);
    for deep in ["[", "{a: ", "- ", "? ", "[{"] {
        let error = yaml_variables(&deep.repeat(20_000), &set).unwrap_err();
        assert!(matches!(error, TransformError::Syntax { .. }), "{error}");
    }
    let levels: String = (0..2000).map(|level| " ".repeat(level) + "a:\n").collect();
    assert!(yaml_variables(&levels, &set).is_err());
    let nested = "[".repeat(100) + "{a: b}" + &"]".repeat(100);
    let path = ["0"; 100].join(":") + ":a";
    let set = VariableSet::from_iter([(path, "c")]);
    assert!(
        yaml_variables(&nested, &set)
            .unwrap()
            .text
            .contains("{a: c}")
    );
    let wide: String = (0..20_000)
        .map(|line| format!("k{line}: v # c\n"))
        .collect();
    let set = VariableSet::from_iter([("k19999", "x")]);
    let outcome = yaml_variables(&wide, &set).unwrap();
    assert!(outcome.text.ends_with("k19998: v # c\nk19999: x # c\n"));
}
