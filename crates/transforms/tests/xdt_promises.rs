//! What XDT promises of any input: a result or an error, XML for XML, and no change without an instruction.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};
use roxmltree::Document;
use transforms::TransformError;
use transforms::xdt::{XdtOutcome, transform, transform_lenient};

const SOURCE: &str = "<c>\n  <a k=\"1\"/>\n  <a k=\"2\"/>\n  <b/>\n</c>";

fn wrap(inner: &str) -> String {
    format!("<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">\n{inner}\n</c>")
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
        changes_nothing(&source, &changes, transform)?;
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
