//! What XDT reports: warnings, errors, their places; and that any input ends in one of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};
use roxmltree::Document;
use transforms::TransformError;
use transforms::xdt::{XdtOutcome, transform, transform_lenient};

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

const SOURCE_PIECES: &[&str] = &[
    "<a>",
    "</a>",
    "<a k='1'/>",
    "<b k='2' l=\"x\">",
    "</b>",
    "<b/>",
    "text",
    "\n",
    "\r\n  ",
    "\t",
    "<!-- - -->",
    "<![CDATA[>]]>",
    "<?p?>",
    "&amp;",
    "<p:a xmlns:p='urn:p' p:k='1'/>",
];

const CHANGE_PIECES: &[&str] = &[
    "<a>",
    "</a>",
    "<a xdt:Transform='Insert'>",
    "<b xdt:Transform='Remove'/>",
    "<a xdt:Transform='RemoveAll'/>",
    "<b xdt:Transform='Replace'>",
    "</b>",
    "<b>",
    "<a k='1' xdt:Transform='SetAttributes' xdt:Locator='Match(k)'/>",
    "<b xdt:Transform='RemoveAttributes(k)'/>",
    "<a xdt:Transform='CommentOut'/>",
    "<b xdt:Transform='InsertBefore(*)'/>",
    "<a xdt:Transform='InsertAfter(/c/b)'>",
    "<a xdt:Transform='InsertIfMissing' xdt:Locator='Condition(@k)'/>",
    "\n    ",
    "text",
    "<p:a xdt:Transform='Insert'/>",
    "<x xdt:Locator='XPath(//b)' p:l='1' xdt:Transform='SetAttributes'>",
    "</x>",
];

fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..12).prop_map(|pieces| pieces.concat())
}

/// Documents from well-formed pieces: broken ones would hardly ever fit together.
fn document(text: &str, root: &str) -> Option<String> {
    let document = format!("<c{root}>{text}</c>");
    Document::parse(&document).is_ok().then_some(document)
}

type Transform = fn(&str, &str) -> Result<XdtOutcome, TransformError>;

/// A transform without instructions gives back the very bytes, and has nothing to say.
fn changes_nothing(source: &str, changes: &str, xdt: Transform) -> Result<(), TestCaseError> {
    let (Some(source), Some(changes)) = (document(source, ""), document(changes, "")) else {
        return Err(TestCaseError::reject("no documents"));
    };
    let outcome = xdt(&source, &changes).unwrap();
    prop_assert_eq!(outcome.text, source);
    prop_assert_eq!(outcome.warnings, vec![]);
    Ok(())
}

#[test]
fn transforms_that_change_a_little_without_instructions_are_found() {
    let mistakes: [(&str, Transform); 4] = [
        ("quotes are made the same", |source, changes| {
            transform(&source.replace('\'', "\""), changes)
        }),
        ("line endings are made the same", |source, changes| {
            transform(&source.replace('\r', ""), changes)
        }),
        ("comments get lost", |source, changes| {
            transform(&source.replace("<!--", "<!-- "), changes)
        }),
        ("empty elements are written short", |source, changes| {
            transform(&source.replace("></a>", "/>"), changes)
        }),
    ];
    for (mistake, xdt) in mistakes {
        let config = ProptestConfig {
            max_global_rejects: 1_000_000,
            ..ProptestConfig::with_cases(10_000)
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let found = TestRunner::new_with_rng(config, rng).run(
            &(pieces(SOURCE_PIECES), pieces(SOURCE_PIECES)),
            |(source, changes)| changes_nothing(&source, &changes, xdt),
        );
        assert!(
            matches!(found, Err(TestError::Fail(..))),
            "{mistake}, and that was missed: {found:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn results_are_xml_without_xdt(source in pieces(SOURCE_PIECES), changes in pieces(CHANGE_PIECES)) {
        let namespaces = " xmlns:xdt='http://schemas.microsoft.com/XML-Document-Transform' xmlns:p='urn:p'";
        let (Some(source), Some(changes)) = (document(&source, ""), document(&changes, namespaces)) else {
            return Err(TestCaseError::reject("no documents"));
        };
        let outcome = transform_lenient(&source, &changes).unwrap();
        let result = Document::parse(&outcome.text).unwrap();
        prop_assert!(!outcome.text.contains("xdt"), "{}", outcome.text);
        prop_assert!(!outcome.text.contains("XML-Document-Transform"));
        prop_assert_eq!(result.root_element().tag_name().name(), "c");
        if let Ok(strict) = transform(&source, &changes) {
            prop_assert_eq!(strict, outcome);
        }
    }

    #[test]
    fn without_instructions_nothing_changes(source in pieces(SOURCE_PIECES), changes in pieces(SOURCE_PIECES)) {
        changes_nothing(&source, &changes, |source, changes| transform(source, changes))?;
    }

    #[test]
    fn what_is_inserted_and_removed_again_leaves_the_source(source in pieces(SOURCE_PIECES)) {
        // With a child on a line of its own, so that the content can take another one and lose it.
        let Some(source) = document(&format!("\n  {source}\n  <z/>\n"), "") else {
            return Err(TestCaseError::reject("no document"));
        };
        let changes = wrap("<new xdt:Transform='Insert'>\n<x/>\n</new><new xdt:Transform='Remove'/>");
        // With the most common line ending, which need not be that of the place.
        let result = transform(&source, &changes).unwrap().text;
        prop_assert_eq!(result.replace('\r', ""), source.replace('\r', ""));
    }

    #[test]
    fn any_text_is_refused_or_changed(source in "\\PC{0,20}", changes in "\\PC{0,20}") {
        let _ = transform(&source, &wrap(&changes));
        let _ = transform_lenient(&wrap(&source), &wrap(&changes));
    }

    #[test]
    fn any_arguments_are_refused_or_followed(transform_name in "(Set|Remove)Attributes|Insert(Before|After)|Remove", locator in "Match|Condition|XPath", arguments in "[a-z@/*\\[\\]()., =]{0,12}") {
        let changes = wrap(&format!("<a k='1' xdt:Locator='{locator}({arguments})' xdt:Transform='{transform_name}({arguments})'/>"));
        let outcome = transform_lenient(SOURCE, &changes).unwrap();
        prop_assert!(Document::parse(&outcome.text).is_ok());
    }
}
