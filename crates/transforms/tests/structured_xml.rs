//! Variables in XML files, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use roxmltree::{Document, Node};
use transforms::{TransformError, xml_variables};
use variables::VariableSet;

/// Rows of text, variable, value, and what becomes of the text.
#[track_caller]
fn check(rows: &[(&str, &str, &str, &str)]) {
    for (text, name, value, expected) in rows {
        let set = VariableSet::from_iter([(*name, *value)]);
        let outcome = xml_variables(text, &set).unwrap();
        assert_eq!(outcome.text, *expected, "{name} = {value} in {text}");
        let again = xml_variables(&outcome.text, &set).unwrap();
        assert_eq!(again.text, *expected, "a second time");
    }
}

#[test]
fn elements() {
    check(&[
        (
            "<a><b>x</b></a>",
            "/a/b",
            "y<&>\"",
            "<a><b>y&lt;&amp;&gt;\"</b></a>",
        ),
        (
            "<a>\n  <b c='>' />\n</a>",
            "/a/b",
            "y",
            "<a>\n  <b c='>'>y</b>\n</a>",
        ),
        ("<a><b>x</b><b/></a>", "//b", "y", "<a><b>y</b><b>y</b></a>"),
        (
            "<a><b>x</b><b/></a>",
            "/a/b[2]",
            "y",
            "<a><b>x</b><b>y</b></a>",
        ),
        ("<a k='1'>x</a>", "//a[@k='1']", "", "<a k='1'></a>"),
        ("<a>x<!-- c --><?p?></a>", "/a", "y", "<a>y</a>"),
        (
            "<a><![CDATA[x]]></a>",
            "/a",
            "<y>]]>",
            "<a><![CDATA[<y>]]]]><![CDATA[>]]></a>",
        ),
        ("<a> <![CDATA[x]]></a>", "/a", "<y>", "<a>&lt;y&gt;</a>"),
        ("<a>&#120;</a>", "/a", "x", "<a>&#120;</a>"),
        ("<a><![CDATA[x]]></a>", "/a", "x", "<a><![CDATA[x]]></a>"),
        // An element with elements in it takes XML.
        ("<a><b/></a>", "/a", "<c>1</c>\n2", "<a><c>1</c>\n2</a>"),
        ("<a>\r\n<b/></a>", "/a", "\n<b/>", "<a>\r\n<b/></a>"),
        ("<a><b/></a>", "/a", "text", "<a>text</a>"),
        (
            "<a xmlns:p='u'><b/></a>",
            "/a",
            "<p:c/><b/>",
            "<a xmlns:p='u'><p:c/><b/></a>",
        ),
    ]);
}

#[test]
fn other_nodes() {
    check(&[
        (
            "<a b='x' c=\"x\"/>",
            "/a/@b",
            "'\"\n<",
            "<a b='&apos;\"&#xA;&lt;' c=\"x\"/>",
        ),
        (
            "<a b='x' c=\"x\"/>",
            "//@c",
            "'\"",
            "<a b='x' c=\"'&quot;\"/>",
        ),
        ("<a b='&#120;'/>", "/a/@b", "x", "<a b='&#120;'/>"),
        ("<a>x<b/>y</a>", "/a/text()", "z", "<a>z<b/>z</a>"),
        ("<a> <b/>y</a>", "/a/text()", "z", "<a> <b/>z</a>"),
        ("<a> </a>", "/a/text()", "z", "<a>z</a>"),
        (
            "<a><![CDATA[x]]><b/></a>",
            "/a/text()",
            "&",
            "<a><![CDATA[&]]><b/></a>",
        ),
        (
            "<a>x<![CDATA[x]]>x<b/></a>",
            "/a/text()",
            "&",
            "<a>&amp;<b/></a>",
        ),
        ("<a>x<![CDATA[x]]>x</a>", "/a/text()", "&", "<a>&amp;</a>"),
        (
            "<a><!-- x --></a>",
            "/a/comment()",
            "y\nz",
            "<a><!--y\nz--></a>",
        ),
        ("<!--x--><a/>", "/comment()", "y", "<!--y--><a/>"),
        (
            "<?p x?><a/>",
            "/processing-instruction('p')",
            "y",
            "<?p y?><a/>",
        ),
        (
            "<?p  x ?><a/>",
            "//processing-instruction()",
            "",
            "<?p?><a/>",
        ),
        // The document is no place for a value.
        ("<a/>", "/", "y", "<a/>"),
    ]);
}

#[test]
fn names() {
    let text = "<a xmlns='urn:a' xmlns:p='urn:p'><p:b/><c xmlns:p='urn:q'><p:b/></c></a>";
    check(&[
        (
            text,
            "//p:b",
            "x",
            "<a xmlns='urn:a' xmlns:p='urn:p'><p:b>x</p:b><c xmlns:p='urn:q'><p:b/></c></a>",
        ),
        // A name without a prefix is in no namespace.
        (text, "/a/c", "x", text),
        (text, "//*[local-name()='c']/p:b", "x", text),
        (
            "<a><a:b xmlns:a='u'/></a>",
            "a/a:b",
            "x",
            "<a><a:b xmlns:a='u'>x</a:b></a>",
        ),
        (
            "<a xml:lang='x'/>",
            "/a/@xml:lang",
            "y",
            "<a xml:lang='y'/>",
        ),
        // Not an XPath, or not one that selects nodes, or the product's own.
        ("<a>x</a>", "a", "y", "<a>x</a>"),
        ("<a>x</a>", "b:a", "y", "<a>x</a>"),
        ("<a>x</a>", "/a[", "y", "<a>x</a>"),
        ("<a>x</a>", "count(/a)", "y", "<a>x</a>"),
        ("<a>x</a>", "/A", "y", "<a>x</a>"),
        (
            "<Octopus>x</Octopus>",
            "Octopus/..//*",
            "y",
            "<Octopus>x</Octopus>",
        ),
        ("<a>x</a>", "/a", "#{ | Null}", "<a>x</a>"),
        ("<a>x</a>", "/a", "#{Gone}", "<a>#{Gone}</a>"),
    ]);
}

#[test]
fn variables_are_applied_in_their_order() {
    let set = VariableSet::from_iter([
        ("One", "1"),
        ("/a/c/@d", "1"),
        ("/a", "<c d='0'/><e/>"),
        ("//c/@d", "#{One}2"),
        ("/a/none", "x"),
        ("/a/e", "3"),
    ]);
    let outcome = xml_variables("<?xml version='1.0'?>\n<a><b/></a>\n", &set).unwrap();
    assert_eq!(
        outcome.text,
        "<?xml version='1.0'?>\n<a><c d='12'/><e>3</e></a>\n"
    );
    assert_eq!(outcome.replaced, ["/a", "//c/@d", "/a/e"]);
}

#[test]
fn errors() {
    for (text, name, value, expected) in [
        (
            "<a>\n</b>",
            "x",
            "",
            "line 2, column 1: expected 'a' tag, not 'b'; correct the XML of the file",
        ),
        (
            "<!DOCTYPE a><a/>",
            "x",
            "",
            "line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it",
        ),
        (
            "<a/>",
            "/a",
            "#{Loop}",
            "the variable `/a` can't be evaluated; correct it, or the variables that it refers to",
        ),
        (
            "<a/>",
            "/a",
            "\u{1}",
            "the value of the variable `/a` holds the character U+0001, which XML does not allow; remove it",
        ),
        (
            "<a><b/></a>",
            "/a",
            "<c>",
            "the variable `/a` can't be written into the file: the element has elements in it, so it takes XML, but expected 'c' tag, not 'x'; correct it",
        ),
        (
            "<a><b/></a>",
            "/a",
            "</x><x>",
            "the variable `/a` can't be written into the file: the element has elements in it, so it takes XML, but unknown token; correct it",
        ),
        (
            "<a><b/></a>",
            "/a",
            "<p:c/>",
            "the variable `/a` can't be written into the file: the element has elements in it, so it takes XML, but an unknown namespace prefix 'p'; correct it",
        ),
        (
            "<a><!--x--></a>",
            "/a/comment()",
            "a--b",
            "the variable `/a/comment()` can't be written into the file: a comment can't hold `--`, nor end in `-`; change it",
        ),
        (
            "<a><!--x--></a>",
            "/a/comment()",
            "a-",
            "the variable `/a/comment()` can't be written into the file: a comment can't hold `--`, nor end in `-`; change it",
        ),
        (
            "<?p?><a/>",
            "/processing-instruction()",
            "?>",
            "the variable `/processing-instruction()` can't be written into the file: a processing instruction can't hold `?>`; change it",
        ),
    ] {
        let set = VariableSet::from_iter([(name, value), ("Loop", "#{Loop}")]);
        let error = xml_variables(text, &set).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let wide = format!("<a>{}</a>", "<b/>".repeat(5000));
    let set = VariableSet::from_iter([("//b[//b = 2]", "")]);
    let error = xml_variables(&wide, &set).unwrap_err();
    assert!(matches!(error, TransformError::Value { .. }), "{error}");
}

#[test]
fn extremes() {
    let deep = "<a>".repeat(20_000) + "<b/>" + &"</a>".repeat(20_000);
    let set = VariableSet::from_iter([("//b", "x")]);
    assert!(
        xml_variables(&deep, &set)
            .unwrap()
            .text
            .contains("<b>x</b>")
    );
}

const PIECES: &[&str] = &[
    "<a>",
    "</a>",
    "<a k='1'/>",
    "<b k=\"2\" l='3' >",
    "</b>",
    "<b/>",
    "x",
    "\n",
    "\r\n",
    " ",
    "<!-- c -->",
    "<![CDATA[y]]>",
    "<?p q?>",
    "&amp;",
    "é",
];

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..12)
        .prop_map(|pieces| format!("<r>{}</r>", pieces.concat()))
        .prop_filter("no XML", |text| Document::parse(text).is_ok())
}

const NAMES: &[&str] = &[
    "//a",
    "//b",
    "/r/a/b",
    "//@k",
    "//@l",
    "//text()",
    "//comment()",
    "//b/text()",
    "//processing-instruction()",
    "/r",
    "//*[@k='2']",
    "(//a)[1]",
    "//*",
    "//a/..",
];

/// What a reader sees of all but the nodes that `is_changed` holds for.
fn seen(node: Node<'_, '_>, is_changed: &dyn Fn(Node<'_, '_>) -> bool, out: &mut Vec<String>) {
    if is_changed(node) {
        out.push("changed".to_owned());
        return;
    }
    let text = node.text().filter(|_| !node.is_element());
    let attributes: Vec<_> = node
        .attributes()
        .map(|it| (it.name(), it.value()))
        .collect();
    let (kind, name) = (node.node_type(), node.tag_name());
    out.push(format!("{kind:?} {name:?} {text:?} {attributes:?}"));
    for child in node.children() {
        seen(child, is_changed, out);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn without_variables_nothing_changes(text in document()) {
        let set = VariableSet::from_iter([("//none", "x"), ("a", "x"), ("k:k", "x")]);
        prop_assert_eq!(xml_variables(&text, &set).unwrap().text, text);
    }

    #[test]
    fn results_are_xml(text in document(), name in prop::sample::select(NAMES), value in "[\\t\\n\\r -~é😀]{0,8}") {
        let set = VariableSet::from_iter([(name, value)]);
        if let Ok(outcome) = xml_variables(&text, &set) {
            prop_assert!(Document::parse(&outcome.text).is_ok(), "{}", outcome.text);
        }
    }

    #[test]
    fn only_what_is_named_changes(text in document(), value in "[ -~é]{0,8}") {
        let value = value.replace("#{", "").replace(['<', '&'], "");
        let set = VariableSet::from_iter([("//b", &value)]);
        let outcome = xml_variables(&text, &set).unwrap();
        let (before, after) = (Document::parse(&text).unwrap(), Document::parse(&outcome.text).unwrap());
        let is_b = |node: Node<'_, '_>| node.has_tag_name("b");
        let (mut old, mut new) = (vec![], vec![]);
        seen(before.root(), &is_b, &mut old);
        seen(after.root(), &is_b, &mut new);
        prop_assert_eq!(old, new);
        let all = after.descendants().filter(|node| is_b(*node));
        prop_assert!(all.into_iter().all(|node| node.text().unwrap_or_default() == value), "{}", outcome.text);
    }

    #[test]
    fn any_text_is_refused_or_stays(text in "\\PC{0,20}", name in "[/:a-z@\\[\\]().*]{0,8}") {
        let set = VariableSet::from_iter([(name, "x")]);
        let _ = xml_variables(&text, &set);
        let _ = xml_variables(&format!("<a>{text}</a>"), &set);
    }
}
