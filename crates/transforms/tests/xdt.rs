//! XDT transforms, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use transforms::xdt::{XdtOutcome, transform};

/// A transform of a configuration with this content.
fn wrap(inner: &str) -> String {
    format!(
        "<configuration xmlns:xdt='http://schemas.microsoft.com/XML-Document-Transform'>{inner}</configuration>"
    )
}

/// Rows of the content of a configuration, of a transform, and of the result; no warnings.
/// The configuration has no line of its own, so short ones get none either.
#[track_caller]
fn check(rows: &[(&str, &str, &str)]) {
    for (source, changes, expected) in rows {
        let source = format!("<?xml version='1.0'?><configuration>{source}</configuration>");
        let outcome = transform(&source, &wrap(changes)).unwrap();
        let expected = XdtOutcome {
            text: format!("<?xml version='1.0'?><configuration>{expected}</configuration>"),
            warnings: vec![],
        };
        assert_eq!(outcome, expected, "{changes}");
    }
}

#[test]
fn replace() {
    check(&[
        ("<a/>", "<a x='1' xdt:Transform='Replace'/>", "<a x='1'/>"),
        (
            "<a><b/>text</a><c/>",
            "<a xdt:Transform='Replace'><d/></a>",
            "<a><d/></a><c/>",
        ),
        (
            "<a/>",
            "<a xdt:Transform=\"Replace\" x = \"&lt;'\" ><!-- <b xdt:c='1'/> --><![CDATA[<]]>&amp;</a >",
            "<a x = \"&lt;'\" ><!-- <b xdt:c='1'/> --><![CDATA[<]]>&amp;</a >",
        ),
        // Attributes of XDT go, wherever they are.
        (
            "<a/>",
            "<a xdt:Transform='Replace' ><b xdt:Locator='XPath(/none)' c='1' xdt:x='y'/></a>",
            "<a ><b c='1'/></a>",
        ),
    ]);
    let root = transform(
        "<?xml version='1.0'?>\n<a><b/></a>\n<!-- end -->",
        "<a xmlns:t='http://schemas.microsoft.com/XML-Document-Transform' t:Transform='Replace'><c/></a>",
    );
    assert_eq!(
        root.unwrap().text,
        "<?xml version='1.0'?>\n<a><c/></a>\n<!-- end -->"
    );
}

#[test]
fn insert() {
    let add = "<b xdt:Transform='Insert' c='1'/>";
    check(&[
        ("", add, "<b c='1'/>"),
        ("<b/>text", add, "<b/>text<b c='1'/>"),
        ("<a/>", &format!("<a>{add}</a>"), "<a><b c='1'/></a>"),
        (
            "<a x='>'  /><a/>",
            &format!("<a>{add}</a>"),
            "<a x='>'><b c='1'/></a><a/>",
        ),
        // Into the first of several.
        (
            "<a></a><a></a>",
            &format!("<a>{add}</a>"),
            "<a><b c='1'/></a><a></a>",
        ),
        (
            "<a/>",
            "<a><b xdt:Transform='Insert'>1</b><b xdt:Transform='Insert'>2</b></a>",
            "<a><b>1</b><b>2</b></a>",
        ),
        // An XPath says what to insert into.
        (
            "<a/><c/>",
            "<b xdt:Transform='Insert' xdt:Locator='XPath(/configuration/c)'/>",
            "<a/><c><b/></c>",
        ),
    ]);
}

#[test]
fn insert_if_missing() {
    let add = "<b k='1' v='2' xdt:Transform='InsertIfMissing'";
    check(&[
        ("", &format!("{add}/>"), "<b k='1' v='2'/>"),
        ("<b/>", &format!("{add}/>"), "<b/>"),
        (
            "<b k='0'/>",
            &format!("{add} xdt:Locator='Match(k)'/>"),
            "<b k='0'/><b k='1' v='2'/>",
        ),
        (
            "<b k='1'/>",
            &format!("{add} xdt:Locator='Match(k)'/>"),
            "<b k='1'/>",
        ),
    ]);
}

#[test]
fn insert_before_and_after() {
    check(&[
        (
            "<a/><b/><b/>",
            "<c xdt:Transform='InsertBefore(/configuration/b)'/>",
            "<a/><c/><b/><b/>",
        ),
        (
            "<a/><b/><b/>",
            "<c xdt:Transform='InsertAfter(b[2])'/>",
            "<a/><b/><b/><c/>",
        ),
        (
            "<a><d k='1'/><d k='2'/></a>",
            "<a><c xdt:Transform='InsertAfter(/configuration/a/d[@k=\"1\" or contains(@k, \",\")])'/></a>",
            "<a><d k='1'/><c/><d k='2'/></a>",
        ),
        (
            "<a/>",
            "<b xdt:Transform='InsertAfter(a)'/><c xdt:Transform='InsertAfter(a)'/>",
            "<a/><c/><b/>",
        ),
    ]);
}

#[test]
fn remove() {
    check(&[
        ("<a/><b/>", "<a xdt:Transform='Remove'/>", "<b/>"),
        (
            "<a k='1'/><a k='2'/>",
            "<a k='2' xdt:Locator='Match(k)' xdt:Transform='Remove'/>",
            "<a k='1'/>",
        ),
        (
            "<a/>x<a><b/></a><c/>",
            "<a xdt:Transform='RemoveAll'/>",
            "x<c/>",
        ),
        (
            "<a><a/></a>",
            "<a xdt:Locator='XPath(//a)' xdt:Transform='RemoveAll'/>",
            "",
        ),
        (
            "<a x='--'><!-- b --></a>",
            "<a xdt:Transform='CommentOut'/>",
            "<!--<a x='- -'><!- - b - -></a>-->",
        ),
    ]);
}

#[test]
fn attributes() {
    check(&[
        (
            "<a x='1'/>",
            "<a x='2' y='3' xdt:Transform='SetAttributes'/>",
            "<a x='2' y=\"3\"/>",
        ),
        (
            "<a x='1'/>",
            "<a x='2' y='3' z='4' xdt:Transform='SetAttributes(y, z)'/>",
            "<a x='1' y=\"3\" z=\"4\"/>",
        ),
        (
            "<a x='1'/><a/>",
            "<a x='\"&apos;&lt;' xdt:Transform='SetAttributes(*)'/>",
            "<a x='\"&apos;&lt;'/><a x=\"&quot;'&lt;\"/>",
        ),
        (
            "<a  x='&#49;'/>",
            "<a x='1' xdt:Transform='SetAttributes'/>",
            "<a  x='&#49;'/>",
        ),
        (
            "<a\n  x='1'\n  y='2'/>",
            "<a z='3' xdt:Transform='SetAttributes'/>",
            "<a\n  x='1'\n  y='2'\n  z=\"3\"/>",
        ),
        (
            "<a x='1' y='2' z='3'/><a y='4'/>",
            "<a xdt:Transform='RemoveAttributes(x,y,none)'/>",
            "<a z='3'/><a/>",
        ),
        (
            "<a x='1' y='2'/>",
            "<a xdt:Transform='RemoveAttributes'/>",
            "<a/>",
        ),
        ("<a/>", "<a xdt:Transform='RemoveAttributes(x)'/>", "<a/>"),
    ]);
}

#[test]
fn locators() {
    let source = "<s n='1'><a k='1' l='2'/></s><s n='2'><a k='1' l='2'/><a k='2' l='2'/></s>";
    let set = |locators: &str, expected: &str| {
        let changes = format!("{locators} v='!' xdt:Transform='SetAttributes(v)'/></s>");
        check(&[(source, &changes, expected)]);
    };
    set(
        "<s><a k='1' l='2' xdt:Locator='Match(k, l)'",
        "<s n='1'><a k='1' l='2' v=\"!\"/></s><s n='2'><a k='1' l='2' v=\"!\"/><a k='2' l='2'/></s>",
    );
    set(
        "<s n='2' xdt:Locator='Match(n)'><a",
        "<s n='1'><a k='1' l='2'/></s><s n='2'><a k='1' l='2' v=\"!\"/><a k='2' l='2' v=\"!\"/></s>",
    );
    set(
        "<s xdt:Locator='Condition(a[2])'><a xdt:Locator='Condition(@l=\"2\" and position()=last())'",
        "<s n='1'><a k='1' l='2'/></s><s n='2'><a k='1' l='2'/><a k='2' l='2' v=\"!\"/></s>",
    );
    set(
        "<s><a xdt:Locator='Condition(1)'",
        "<s n='1'><a k='1' l='2' v=\"!\"/></s><s n='2'><a k='1' l='2' v=\"!\"/><a k='2' l='2'/></s>",
    );
    set(
        "<none><x xdt:Locator='XPath(//s[@n=2]/a[1])'></x></none><s xdt:Locator='XPath(//s[@n=2])'><a xdt:Locator='Condition(1)'",
        "<s n='1'><a k='1' l='2'/></s><s n='2'><a k='1' l='2' v=\"!\"/><a k='2' l='2'/></s>",
    );
    set(
        "<s xdt:Locator='XPath(../s[1])'><a",
        "<s n='1'><a k='1' l='2' v=\"!\"/></s><s n='2'><a k='1' l='2'/><a k='2' l='2'/></s>",
    );
}

#[test]
fn each_instruction_sees_what_came_before() {
    check(&[
        // The parent first, then what is in it.
        (
            "<a/>",
            "<a xdt:Transform='Replace'><b/><c xdt:Transform='SetAttributes' x='1'/></a>",
            "<a><b/><c x='1'/></a>",
        ),
        (
            "<a k='1'><b/></a>",
            "<a k='2' xdt:Transform='SetAttributes'><b xdt:Transform='Remove'/></a>",
            "<a k='2'></a>",
        ),
        (
            "<a/>",
            "<a xdt:Transform='Remove'/><a xdt:Transform='Insert'><b/></a><a><b xdt:Transform='Replace' x=''/></a>",
            "<a><b x=''/></a>",
        ),
        (
            "<a><b/></a>",
            "<a><b xdt:Transform='Remove'/><c xdt:Transform='Insert'/></a>",
            "<a><c/></a>",
        ),
        // Without a transform an element is only the way to others.
        ("<a/>", "<a x='1'><b/></a>", "<a/>"),
    ]);
}

#[test]
fn layout() {
    let source = "\r\n\t<!-- one -->\r\n\t<a  x = '1' />\r\n\r\n\t<b>\r\n\t\t<c/> <!-- c -->\r\n\t</b>\r\n\t<d/>\r\n";
    let rows = [
        (
            "<b>\n      <c n='2'\n         m='3' xdt:Transform='Insert'>\n        <d>\n\n          text\n   text</d>\n      </c>\n</b>",
            (
                "<!-- c -->\r\n",
                "<!-- c -->\r\n\t\t<c n='2'\r\n\t\t   m='3'>\r\n\t\t  <d>\r\n\r\n          text\r\n   text</d>\r\n\t\t</c>\r\n",
            ),
        ),
        ("<a xdt:Transform='Remove'/>", ("\t<a  x = '1' />\r\n", "")),
        ("<b><c xdt:Transform='Remove'/></b>", ("<c/>", "")),
        (
            "<a><e xdt:Transform='Insert'/></a>",
            ("<a  x = '1' />", "<a  x = '1'>\r\n\t\t<e/>\r\n\t</a>"),
        ),
        (
            "<e xdt:Transform='InsertBefore(b)'><f/></e>",
            ("\t<b>", "\t<e><f/></e>\r\n\t<b>"),
        ),
        (
            "<e xdt:Transform='InsertAfter(a)'/>",
            (" />\r\n", " />\r\n\t<e/>\r\n"),
        ),
        (
            "\n  <b xdt:Transform='Replace'>\n    <e>\n      <f xml:space='preserve'>\n</f>\n    </e>\n  </b>\n",
            (
                "<b>\r\n\t\t<c/> <!-- c -->\r\n\t</b>",
                "<b>\r\n\t  <e>\r\n\t    <f xml:space='preserve'>\r\n</f>\r\n\t  </e>\r\n\t</b>",
            ),
        ),
        ("<d xdt:Transform='Replace'\n/>", ("<d/>", "<d\r\n\t/>")),
    ];
    for (changes, (old, new)) in rows {
        assert!(source.contains(old), "{old:?}");
        check(&[(source, changes, &source.replacen(old, new, 1))]);
    }
    // Nothing in it that could show how its lines are to be indented.
    let bare = transform("<configuration/>", &wrap("<a xdt:Transform='Insert'/>"));
    assert_eq!(
        bare.unwrap().text,
        "<configuration>\n  <a/>\n</configuration>"
    );
    let empty = transform(
        "<configuration>\n\n</configuration>",
        &wrap("<a xdt:Transform='Insert'/>"),
    );
    assert_eq!(
        empty.unwrap().text,
        "<configuration>\n  <a/>\n</configuration>"
    );
}

#[test]
fn namespaces() {
    const XDT: &str = "xmlns:xdt='http://schemas.microsoft.com/XML-Document-Transform'";
    for (source, changes, expected) in [
        // Names are compared with their namespaces, not with their prefixes.
        (
            "<c xmlns='urn:c'><a/></c>",
            "<q:c xmlns:q='urn:c' XDT><q:a x='1' xdt:Transform='SetAttributes'/></q:c>",
            "<c xmlns='urn:c'><a x=\"1\"/></c>",
        ),
        // A declaration comes along only if it is needed.
        (
            "<c xmlns='urn:c'><a/></c>",
            "<c xmlns='urn:c' XDT><b xdt:Transform='Insert'/></c>",
            "<c xmlns='urn:c'><a/><b/></c>",
        ),
        (
            "<c xmlns='urn:c'><a/></c>",
            "<q:c xmlns:q='urn:c' XDT><q:b xdt:Transform='Insert'/><d xdt:Transform='Insert'/></q:c>",
            "<c xmlns='urn:c'><a/><q:b xmlns:q=\"urn:c\"/><d xmlns=\"\"/></c>",
        ),
        (
            "<c/>",
            "<c xmlns:q='urn:q' XDT><b xdt:Transform='Insert'><e q:f='1'/><q:g xmlns:q='urn:h'/></b></c>",
            "<c>\n  <b xmlns:q=\"urn:q\"><e q:f='1'/><q:g xmlns:q='urn:h'/></b>\n</c>",
        ),
        (
            "<c/>",
            "<c><b xdt:Transform='Insert' XDT xmlns='urn:b'><e/></b></c>",
            "<c>\n  <b xmlns='urn:b'><e/></b>\n</c>",
        ),
        (
            "<c xmlns:r='urn:q'><a/><a xmlns:q='urn:other'/></c>",
            "<c xmlns:q='urn:q' XDT><a q:x='1' q:y='2' xml:lang='de' xdt:Transform='SetAttributes'/></c>",
            "<c xmlns:r='urn:q'><a r:x=\"1\" r:y=\"2\" xml:lang=\"de\"/><a xmlns:q='urn:other' r:x=\"1\" r:y=\"2\" xml:lang=\"de\"/></c>",
        ),
        (
            "<c><a xmlns:q='urn:other'/></c>",
            "<c xmlns:q='urn:q' XDT><a q:x='1' q:y='2' xdt:Transform='SetAttributes'/></c>",
            "<c><a xmlns:q='urn:other' xmlns:q_=\"urn:q\" q_:x=\"1\" q_:y=\"2\"/></c>",
        ),
        (
            "<c xmlns:p='urn:q' p:x='1' x='2'/>",
            "<c xmlns:q='urn:q' XDT xdt:Transform='RemoveAttributes(q:x)'/>",
            "<c xmlns:p='urn:q' x='2'/>",
        ),
        (
            "<c xmlns='urn:c'><a k='1'/><a k='2'/></c>",
            "<c xmlns='urn:c' XDT><a xdt:Locator='XPath(/_defaultNamespace:c/_defaultNamespace:a[@k=2])' xdt:Transform='Remove'/></c>",
            "<c xmlns='urn:c'><a k='1'/></c>",
        ),
    ] {
        let outcome = transform(source, &changes.replace("XDT", XDT)).unwrap();
        assert_eq!(outcome.text, expected, "{changes}");
        assert_eq!(outcome.warnings, [], "{changes}");
    }
}
