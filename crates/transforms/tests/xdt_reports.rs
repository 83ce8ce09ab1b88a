//! What XDT reports: warnings, errors, and their places.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::{Expect, expect};
use transforms::TransformError;
use transforms::xdt::{transform, transform_lenient};

const SOURCE: &str = "<c>\n  <a k=\"1\"/>\n  <a k=\"2\"/>\n  <b/>\n</c>";

fn wrap(inner: &str) -> String {
    format!("<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">\n{inner}\n</c>")
}

/// Result and warnings of a transform that goes through.
fn run(inner: &str) -> String {
    let outcome = transform(SOURCE, &wrap(inner)).unwrap();
    let mut report = String::new();
    for warning in outcome.warnings {
        report += &format!("{}:{} {}\n", warning.line, warning.column, warning.message);
    }
    if outcome.text != SOURCE {
        report += &outcome.text;
    }
    report
}

#[track_caller]
fn check(inner: &str, expected: &Expect) {
    expected.assert_eq(&run(inner));
}

#[track_caller]
fn check_error(inner: &str, expected: &Expect) {
    let error = transform(SOURCE, &wrap(inner)).unwrap_err();
    expected.assert_eq(&error.to_string());
}

#[test]
fn warnings() {
    check(
        "  <d xdt:Transform='Remove'/>",
        &expect![[r#"
            2:3 no element of the source matches `/c/d`
        "#]],
    );
    // The outermost element that matches nothing is named, once per instruction.
    check(
        "<é><d xdt:Transform='Remove'/>\n<e xdt:Transform='SetAttributes' x=''/></é>",
        &expect![[r#"
            2:1 no element of the source matches `/c/é`
            2:1 no element of the source matches `/c/é`
        "#]],
    );
    check(
        "<a k='3' xdt:Locator='Match(k)' xdt:Transform='Replace'/>
<a xdt:Locator='Condition(@k>2)' xdt:Transform='RemoveAll'/>
<a xdt:Locator='XPath(d)' xdt:Transform='RemoveAttributes(k)'/>
<a xdt:Locator='XPath(/d)' xdt:Transform='CommentOut'/>",
        &expect![[r#"
            2:1 no element of the source matches `/c/a[@k='3']`
            3:1 no element of the source matches `/c/a[@k>2]`
            4:1 no element of the source matches `/c/a/d`
            5:1 no element of the source matches `/d`
        "#]],
    );
    check(
        "<a xdt:Transform='Remove'/>",
        &expect![[r#"
            2:19 2 elements of the source match; only the first one is changed
            <c>
              <a k="2"/>
              <b/>
            </c>"#]],
    );
    check(
        "<b xdt:Transform='SetAttributes'/>\n<b xdt:Transform='SetAttributes(x,y)' y='1'/>",
        &expect![[r#"
            2:19 the element has no attributes to set
            3:19 the element has no attribute `x` to set
            <c>
              <a k="1"/>
              <a k="2"/>
              <b y="1"/>
            </c>"#]],
    );
    check(
        "<b xdt:Transform='Remove(x)'/><xdt:Other/>",
        &expect![[r#"
            2:19 the transform takes no arguments; they are ignored
            2:31 XDT has no element `Other`; it is left out
            <c>
              <a k="1"/>
              <a k="2"/>
            </c>"#]],
    );
    check(
        "<b xdt:Transform='Replace'><xdt:Other><x/></xdt:Other><y/></b>",
        &expect![[r#"
            2:28 XDT has no element `Other`; it is left out
            <c>
              <a k="1"/>
              <a k="2"/>
              <b><y/></b>
            </c>"#]],
    );
    check(
        "<d xdt:Transform='Remove' xdt:SupressWarnings='true'/>",
        &expect![""],
    );
}

#[test]
fn errors() {
    check_error(
        "<xdt:Import path='x.dll' namespace='x'/>",
        &expect![
            "line 2, column 1 of the transform: `xdt:Import` loads transforms from a program library, which is not allowed; remove it"
        ],
    );
    check_error(
        "<a xdt:Transform='replace'/>",
        &expect![
            "line 2, column 19 of the transform: there is no transform `replace`; use one of Replace, Insert, InsertBefore, InsertAfter, InsertIfMissing, Remove, RemoveAll, RemoveAttributes, SetAttributes, CommentOut"
        ],
    );
    check_error(
        "<a xdt:Transform=''/>",
        &expect![
            "line 2, column 19 of the transform: `` is no name with arguments, such as `Match(key)`"
        ],
    );
    check_error(
        "<a xdt:Transform='SetAttributes(x'/>",
        &expect![
            "line 2, column 19 of the transform: `SetAttributes(x` is no name with arguments, such as `Match(key)`"
        ],
    );
    check_error(
        "<a xdt:Locator='Name(x)' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 17 of the transform: there is no locator `Name`; use Match, Condition or XPath"
        ],
    );
    check_error(
        "<a k='1' xdt:Locator='Match()' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 23 of the transform: `Match` needs the names of attributes in parentheses"
        ],
    );
    check_error(
        "<a xdt:Locator='Match(k)' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 1 of the transform: the element has no attribute `k` that `Match` could compare; add it"
        ],
    );
    check_error(
        "<a xdt:Locator='Condition(@k=)' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 17 of the transform: `@k=` is no XPath: character 4: expected a path or a value"
        ],
    );
    check_error(
        "<a xdt:Locator='XPath(@k)' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 1 of the transform: the XPath selects something that is no element; correct it"
        ],
    );
    check_error(
        "<a xdt:Locator='XPath(count(a))' xdt:Transform='Remove'/>",
        &expect![
            "line 2, column 1 of the transform: the XPath selects no nodes but gives a number; write a path"
        ],
    );
    check_error(
        "<b xdt:Transform='RemoveAttributes(q:x)'/>",
        &expect!["line 2, column 19 of the transform: the prefix of `q:x` is not declared"],
    );
    check_error(
        "<d>\n<e xdt:Transform='Insert'/></d>",
        &expect![
            "line 2, column 1 of the transform: no element of the source matches `/c/d`, so nothing can be inserted; correct the path"
        ],
    );
    check_error(
        "<e xdt:Transform='InsertAfter'/>",
        &expect!["line 2, column 19 of the transform: `InsertAfter` needs an XPath in parentheses"],
    );
    check_error(
        "<e xdt:Transform='InsertBefore(/c/d)'/>",
        &expect![
            "line 2, column 19 of the transform: the XPath selects no element of the source; correct it"
        ],
    );
    check_error(
        "<e xdt:Transform='InsertBefore(/c)'/>",
        &expect![
            "line 2, column 19 of the transform: this would leave no XML document (unknown token); correct the transform"
        ],
    );
}

#[test]
fn errors_of_documents() {
    let xdt = "xmlns:xdt='http://schemas.microsoft.com/XML-Document-Transform'";
    for (source, changes, expected) in [
        (
            "<c>\n<a></c>",
            "<c/>",
            "line 2, column 4: expected 'a' tag, not 'c'; correct the XML of the file",
        ),
        (
            "<!DOCTYPE c><c/>",
            "<c/>",
            "line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it",
        ),
        (
            "<c/>",
            "<c>\n</d>",
            "line 2, column 1 of the transform: expected 'c' tag, not 'd'; correct the XML",
        ),
        (
            "<c/>",
            "<!DOCTYPE c><c/>",
            "line 1, column 1 of the transform: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it",
        ),
        (
            "<c/>",
            "<c XDT xdt:Transform='Remove'/>",
            "line 1, column 83 of the transform: this would leave no XML document (the document does not have a root node); correct the transform",
        ),
        (
            "<c/>",
            "<d XDT xdt:Transform='Insert'/>",
            "line 1, column 1 of the transform: the root has no element around it that it could be put into; use another transform, or none",
        ),
    ] {
        let error = transform(source, &changes.replace("XDT", xdt)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    // Without the namespace it is no transform.
    let other = transform("<c/>", "<c xmlns:xdt='urn:xdt' xdt:Transform='Remove'/>");
    assert_eq!(other.unwrap().text, "<c/>");
}

#[test]
fn the_lenient_way_goes_on() {
    let changes = wrap(
        "<xdt:Import/><a xdt:Transform='none'/><c xdt:Transform='InsertAfter(/x)'/><b xdt:Transform='Remove'/>",
    );
    let outcome = transform_lenient(SOURCE, &changes).unwrap();
    assert_eq!(outcome.text, SOURCE.replace("  <b/>\n", ""));
    assert_eq!(outcome.warnings.len(), 3, "{:?}", outcome.warnings);
    assert!(matches!(
        transform_lenient("", &changes),
        Err(TransformError::Syntax { .. })
    ));
    assert!(matches!(
        transform_lenient(SOURCE, ""),
        Err(TransformError::Xdt { .. })
    ));
}

#[test]
fn extremes() {
    let deep = |inner: &str| "<c>".repeat(2000) + inner + &"</c>".repeat(2000);
    let changes = deep("<a xdt:Transform='Remove'/>").replacen(
        "<c>",
        "<c xmlns:xdt='http://schemas.microsoft.com/XML-Document-Transform'>",
        1,
    );
    assert_eq!(transform(&deep("<a/>"), &changes).unwrap().text, deep(""));
    let wide = format!("<c>{}</c>", "<a k='1'/>".repeat(20_000));
    let removed = transform(&wide, &wrap("<a xdt:Transform='RemoveAll'/>"));
    assert_eq!(removed.unwrap().text, "<c></c>");
    let condition = wrap("<a xdt:Locator='Condition(//a[//a = 2])' xdt:Transform='RemoveAll'/>");
    let error = transform(&wide, &condition).unwrap_err().to_string();
    assert!(error.ends_with("the XPath takes more than 5000000 steps; write a narrower one"));
}
