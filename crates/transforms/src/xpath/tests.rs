//! XPath by rows: an expression and what it gives.

use proptest::prelude::*;
use roxmltree::Document;

use super::evaluate::{Evaluator, Value};
use super::{Item, XPath};

const DOCUMENT: &str = "<?first one?><!--c0--><r a='1' b='2'><x n='1'>one<y/></x><!--c1--><x n='2'>two<![CDATA[+]]></x>\
    <p:z xmlns:p='urn:p' p:q='7' q='8'>3<y><x n='3'/></y></p:z> </r><?last?>";

/// Nodes as `name`, `@name=value`, `"text"`, `<!--comment-->` or `<?target?>`; values as they are.
fn show(expression: &str, text: &str) -> String {
    let namespace = |prefix: &str| (prefix == "p").then(|| "urn:p".to_owned());
    let xpath = match XPath::parse(expression, &namespace) {
        Ok(xpath) => xpath,
        Err(error) => return error.to_string(),
    };
    let document = Document::parse(text).unwrap();
    let mut evaluator = Evaluator::new();
    let value = match evaluator.evaluate(&xpath.0, Item::Node(document.root_element())) {
        Ok(value) => value,
        Err(error) => return error.to_string(),
    };
    let Value::Nodes(items) = value else {
        return evaluator.string(&value).unwrap();
    };
    let shown = items.into_iter().map(|item| match item {
        Item::Attribute(..) => {
            let value = item.attribute().unwrap().value();
            format!("@{}={value}", item.qualified_name())
        }
        Item::Node(node) if node.is_root() => "/".to_owned(),
        Item::Node(node) if node.is_text() => format!("{:?}", node.text().unwrap()),
        Item::Node(node) if node.is_comment() => format!("<!--{}-->", node.text().unwrap()),
        Item::Node(node) if node.is_pi() => format!("<?{}?>", item.qualified_name()),
        Item::Node(node) => {
            let n = node.attribute("n").map(|n| format!("#{n}"));
            format!("{}{}", item.qualified_name(), n.unwrap_or_default())
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(show(expression, DOCUMENT), *expected, "{expression}");
    }
}

#[test]
fn paths() {
    check(&[
        ("/", "/"),
        ("/r", "r"),
        ("x", "x#1 x#2"),
        ("./x", "x#1 x#2"),
        ("/r/x/y", "y"),
        ("/*", "r"),
        ("*", "x#1 x#2 p:z"),
        ("//x", "x#1 x#2 x#3"),
        ("//y/..", "x#1 p:z"),
        (".//y//x", "x#3"),
        ("/R", ""),
        ("p:z", "p:z"),
        ("z", ""),
        ("p:*", "p:z"),
        ("@*", "@a=1 @b=2"),
        ("@a | @b | @a", "@a=1 @b=2"),
        ("p:z/@p:q", "@p:q=7"),
        ("p:z/@q", "@q=8"),
        ("p:z/@p:*", "@p:q=7"),
        ("//@n", "@n=1 @n=2 @n=3"),
        ("//@n/..", "x#1 x#2 x#3"),
        ("x/text()", "\"one\" \"two+\""),
        ("comment()", "<!--c1-->"),
        (
            "/comment()|/processing-instruction()",
            "<?first?> <!--c0--> <?last?>",
        ),
        ("/processing-instruction('last')", "<?last?>"),
        ("x/node()", "\"one\" y \"two+\""),
        ("(//x)[3]/@n", "@n=3"),
        ("(x | p:z)/y", "y y"),
        ("x[1]//y", "y"),
    ]);
}

#[test]
fn axes() {
    check(&[
        ("//x[@n=3]/ancestor::*", "r p:z y"),
        ("//x[@n=3]/ancestor::*[1]", "y"),
        ("//x[@n=3]/ancestor-or-self::x", "x#3"),
        ("x[1]/following-sibling::*", "x#2 p:z"),
        ("x[2]/preceding-sibling::node()[1]", "<!--c1-->"),
        ("x[1]/following::*", "x#2 p:z y x#3"),
        ("p:z/y/preceding::*", "x#1 y x#2"),
        ("p:z/y/preceding::*[1]", "x#2"),
        ("descendant::x", "x#1 x#2 x#3"),
        ("descendant-or-self::*[@a]", "r"),
        ("self::r", "r"),
        ("self::x", ""),
        ("child::x/attribute::n", "@n=1 @n=2"),
        ("parent::node()", "/"),
        ("@a/following::x[1]", "x#1"),
        ("@a/ancestor-or-self::node()", "/ r @a=1"),
        ("@a/self::node()", "@a=1"),
        ("@a/self::*", ""),
        ("@a/child::node()", ""),
        ("x[2]/@n/preceding::x", "x#1"),
    ]);
}

#[test]
fn predicates() {
    check(&[
        ("x[1]", "x#1"),
        ("x[last()]", "x#2"),
        ("x[position()=2]", "x#2"),
        ("//x[1]", "x#1 x#3"),
        ("x[@n='2']", "x#2"),
        ("x[@n=2]", "x#2"),
        ("x[@n!='2']", "x#1"),
        ("x[@n]", "x#1 x#2"),
        ("x[@m]", ""),
        ("x[y and @n='1']", "x#1"),
        ("x[y or @n='2']", "x#1 x#2"),
        ("x[not(y)]", "x#2"),
        ("x[contains(., 'w')]", "x#2"),
        ("*[starts-with(@n, '2')]", "x#2"),
        ("*[local-name()='z']", "p:z"),
        ("*[name()='p:z' and namespace-uri()='urn:p']", "p:z"),
        ("*[count(y)=1]", "x#1 p:z"),
        ("x[.='two+']", "x#2"),
        ("x[text()='one']", "x#1"),
        ("*[y/x/@n > 2]", "p:z"),
        ("x['']", ""),
        ("x[0]", ""),
        ("x[@n='1'][1]", "x#1"),
        ("x[2][1]", "x#2"),
        ("//x[../@p:q]", ""),
        ("//x[../../@p:q = 7]", "x#3"),
    ]);
}

#[test]
fn values() {
    check(&[
        ("1 + 2 * 3 - 4 div 2", "5"),
        ("7 mod 3", "1"),
        ("-(-3)", "3"),
        ("--'3'", "3"),
        ("- - -3", "-3"),
        ("1 div 0", "Infinity"),
        ("-1 div 0", "-Infinity"),
        ("0 div 0", "NaN"),
        ("-0", "0"),
        (".5 + 1.", "1.5"),
        ("100000000000000000000000", "100000000000000000000000"),
        ("number('1e3')", "NaN"),
        ("number(' -1.5 ')", "-1.5"),
        ("number('+1')", "NaN"),
        ("number('inf')", "NaN"),
        ("sum(//@n)", "6"),
        ("round(2.5) + floor(-1.5) + ceiling(0.2)", "2"),
        ("round(-2.5)", "-2"),
        ("1 < 2", "true"),
        ("2 <= 1 or 2 >= 2", "true"),
        ("'a' < 'b'", "false"),
        ("1 = '1.0'", "true"),
        ("//@n = 3 and //@n != 3", "true"),
        ("//@n > //@n", "true"),
        ("//q = //q", "false"),
        ("boolean(//q) = false()", "true"),
        ("//q = false()", "true"),
        ("true() > false()", "true"),
        ("concat('a', 1, true())", "a1true"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', 2)", "2345"),
        ("substring-before('a=b=c', '=')", "a"),
        ("substring-after('a=b=c', '=')", "b=c"),
        ("substring-after('a', '=')", ""),
        ("normalize-space('  a \n b ')", "a b"),
        ("string-length('aé😀')", "3"),
        ("string-length()", "9"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("translate('a-b', '-', '')", "ab"),
        ("string(//x[2])", "two+"),
        ("string(/r)", "onetwo+3 "),
        ("string(//q)", ""),
        ("name(//p:z)", "p:z"),
        ("name(//p:z/@p:q)", "p:q"),
        ("local-name(/processing-instruction())", "first"),
        ("local-name(/)", ""),
        ("count(//node())", "15"),
        ("\"it's\"", "it's"),
    ]);
}

#[test]
fn names_that_are_operators() {
    let text = "<and><or/><div or='1'/><mod>2</mod></and>";
    for (expression, expected) in [
        ("/and/or", "or"),
        ("or or mod", "true"),
        ("mod mod mod", "0"),
        ("* * *", "NaN"),
        ("div[@or and @or]", "div"),
        ("mod div mod", "1"),
    ] {
        assert_eq!(show(expression, text), expected, "{expression}");
    }
}

#[test]
fn mistakes() {
    check(&[
        (
            "",
            "`` is no XPath: character 1: expected a path or a value",
        ),
        (
            "a/",
            "`a/` is no XPath: character 3: expected the name of an element",
        ),
        (
            "@",
            "`@` is no XPath: character 2: expected the name of an attribute",
        ),
        ("x[1", "`x[1` is no XPath: character 4: expected `]`"),
        (
            "é b",
            "`é b` is no XPath: character 3: expected an operator or the end",
        ),
        (
            "q:a",
            "`q:a` is no XPath: character 1: the prefix `q` is not declared",
        ),
        (
            "'a",
            "`'a` is no XPath: character 1: this string has no closing quote",
        ),
        (
            "$a",
            "`$a` is no XPath: character 1: `$` has no meaning here",
        ),
        (
            "1.2.3",
            "`1.2.3` is no XPath: character 1: `1.2.3` is no number",
        ),
        (
            "id('a')",
            "`id('a')` is no XPath: character 1: there is no function `id()`",
        ),
        (
            "up::a",
            "`up::a` is no XPath: character 1: there is no axis `up`",
        ),
        (
            "not()",
            "`not()` is no XPath: character 1: `not()` takes another number of arguments",
        ),
        (
            "a/not(b)",
            "`a/not(b)` is no XPath: character 3: a path has no place for `not()`",
        ),
        (
            "count(1)",
            "the XPath selects no nodes but gives a number; write a path",
        ),
        (
            "'a' | b",
            "the XPath selects no nodes but gives a string; write a path",
        ),
    ]);
}

#[test]
fn limits() {
    let deep = |levels: usize| "(".repeat(levels) + "1" + &")".repeat(levels);
    assert_eq!(show(&deep(20), "<a/>"), "1");
    assert!(show(&deep(5000), "<a/>").contains("character 25: nested deeper than 24 levels"));
    assert!(show(&"a[".repeat(5000), "<a/>").contains("nested deeper"));
    assert!(show(&"a".repeat(20_000), "<a/>").contains("longer than 16384 bytes"));
    let sum = "1".to_owned() + &"+1".repeat(8000);
    assert_eq!(show(&sum, "<a/>"), "8001");
    let minus = "-".repeat(16_000) + "1";
    assert_eq!(show(&minus, "<a/>"), "1");
    let wide = format!("<a>{}</a>", "<b>1</b>".repeat(1500));
    let error = "the XPath takes more than 5000000 steps; write a narrower one";
    assert_eq!(show("//b[//b[. = 2]]", &wide), error);
    assert_eq!(show("//b = //b[. != 1]", &wide), "false");
    let nested = "<a>".repeat(3000) + &"</a>".repeat(3000);
    assert_eq!(show("count(//a[last()])", &nested), "3000");
    assert_eq!(show("//a//a//a[.//a//a//a = 1]", &nested), error);
}

fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "/",
        "//",
        "x",
        "p:z",
        "*",
        "@",
        "@n",
        ".",
        "..",
        "[",
        "]",
        "(",
        ")",
        "1",
        "2",
        "'a'",
        "=",
        "!=",
        "<",
        "and",
        "or",
        "not(",
        "count(",
        "last()",
        "position()",
        "text()",
        "node()",
        "|",
        "ancestor::",
        "following::",
        "preceding::",
        "-",
        "+",
        "div",
        ",",
        "contains(",
        "string(",
        "translate(",
        "é",
        "\"",
        ":",
        "::",
        "$",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(expression in prop_oneof![pieces(), "\\PC{0,12}"]) {
        show(&expression, DOCUMENT);
    }

    #[test]
    fn items_come_in_order_and_once(expression in pieces()) {
        let document = Document::parse(DOCUMENT).unwrap();
        let Ok(xpath) = XPath::parse(&expression, &|_| Some("urn:p".to_owned())) else { return Ok(()) };
        let Ok(items) = xpath.select(Item::Node(document.root_element())) else { return Ok(()) };
        prop_assert!(items.windows(2).all(|pair| pair[0].order() < pair[1].order()));
    }
}
