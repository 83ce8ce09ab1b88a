//! Variables in `.config` files, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use transforms::{TransformError, config_variables};
use variables::{EvaluateError, VariableSet};

fn set() -> VariableSet {
    VariableSet::from_iter([
        ("Color", "dark #{Shade}"),
        ("Shade", "green"),
        ("Special", "<a> & \"b\" 'c'\r\n\td"),
        ("Db", "Server=x;Password='p'"),
        ("Plain", "red"),
        ("Empty", ""),
        ("Absent", "#{Shade | Null}"),
        ("Loop", "#{Loop}"),
        ("Bell", "\u{7}"),
    ])
}

/// Each row: a document, what becomes of it, the names that were replaced.
#[track_caller]
fn check(rows: &[(&str, &str, &[&str])]) {
    for (text, expected, replaced) in rows {
        let outcome = config_variables(text, &set()).unwrap();
        assert_eq!(outcome.text, *expected);
        assert_eq!(outcome.replaced, *replaced, "{text}");
        roxmltree::Document::parse(&outcome.text).unwrap();
        assert_eq!(
            config_variables(&outcome.text, &set()).unwrap(),
            outcome,
            "a second time"
        );
    }
}

#[test]
fn app_settings_and_connection_strings() {
    check(&[
        (
            "<c><appSettings><add key='color' value='x'/></appSettings></c>",
            "<c><appSettings><add key='color' value='dark green'/></appSettings></c>",
            &["color"],
        ),
        (
            "<appSettings>\r\n  <!-- a --><add  value = \"x\"\r\n key=\"COLOR\"  /></appSettings >",
            "<appSettings>\r\n  <!-- a --><add  value = \"dark green\"\r\n key=\"COLOR\"  /></appSettings >",
            &["COLOR"],
        ),
        (
            "<connectionStrings><add name=\"Db\" connectionString=\"\" other=\"1\"/></connectionStrings>",
            "<connectionStrings><add name=\"Db\" connectionString=\"Server=x;Password='p'\" other=\"1\"/></connectionStrings>",
            &["Db"],
        ),
        (
            "<c xmlns='urn:c' xmlns:p='urn:p'><p:appSettings><p:add key='Color' value='x'/></p:appSettings></c>",
            "<c xmlns='urn:c' xmlns:p='urn:p'><p:appSettings><p:add key='Color' value='dark green'/></p:appSettings></c>",
            &["Color"],
        ),
        (
            "<appSettings><add key='Color'/><add key='Color'></add></appSettings>",
            "<appSettings><add key='Color' value=\"dark green\"/><add key='Color' value=\"dark green\"></add></appSettings>",
            &["Color", "Color"],
        ),
        (
            "<appSettings><add key='Special' value='x'/><add key=\"Special\" value=\"x\"/></appSettings>",
            "<appSettings><add key='Special' value='&lt;a&gt; &amp; \"b\" &apos;c&apos;&#xD;&#xA;&#x9;d'/><add key=\"Special\" value=\"&lt;a&gt; &amp; &quot;b&quot; 'c'&#xD;&#xA;&#x9;d\"/></appSettings>",
            &["Special", "Special"],
        ),
        (
            "<appSettings><add key='Empty' value='x'/><add key='Absent' value='x'/></appSettings>",
            "<appSettings><add key='Empty' value=''/><add key='Absent' value='x'/></appSettings>",
            &["Empty"],
        ),
    ]);
}

#[test]
fn what_has_another_place_stays() {
    for text in [
        "<appSettings><add key='Other' value='x'/><add value='Color'/><remove key='Color'/></appSettings>",
        "<appSettings><add name='Color' connectionString='x'/></appSettings>",
        "<connectionStrings><add key='Color' value='x'/></connectionStrings>",
        "<appSettings><x><add key='Color' value='x'/></x></appSettings>",
        "<APPSETTINGS><add key='Color' value='x'/></APPSETTINGS>",
        "<c><!-- <appSettings><add key='Color' value='x'/></appSettings> --></c>",
        "<userSettings><setting name='Color'><value>x</value></setting></userSettings>",
        "<applicationSettings><setting><value>x</value></setting></applicationSettings>",
    ] {
        check(&[(text, text, &[])]);
    }
    // The same value in another spelling.
    let text = "<appSettings><add key='Color' value='dark &#x67;reen'/></appSettings>";
    check(&[(text, text, &["Color"])]);
}

#[test]
fn application_settings() {
    let wrap =
        |inner: &str| format!("<applicationSettings><A.B>{inner}</A.B></applicationSettings>");
    for (inner, expected) in [
        (
            "<setting name='color'><value>x</value></setting>",
            "<setting name='color'><value>dark green</value></setting>",
        ),
        (
            "<setting name='Color'>\n <value >x<y/></value>\n</setting>",
            "<setting name='Color'>\n <value >dark green</value>\n</setting>",
        ),
        (
            "<setting name='Color'><value/></setting>",
            "<setting name='Color'><value>dark green</value></setting>",
        ),
        (
            "<setting name='Color'><value a='>' /></setting>",
            "<setting name='Color'><value a='>'>dark green</value></setting>",
        ),
        (
            "<setting name='Color' x='/>'/>",
            "<setting name='Color' x='/>'><value>dark green</value></setting>",
        ),
        (
            "<setting name='Color'> </setting >",
            "<setting name='Color'> <value>dark green</value></setting >",
        ),
        (
            "<p:setting xmlns:p='u' name='Color'/>",
            "<p:setting xmlns:p='u' name='Color'><p:value>dark green</p:value></p:setting>",
        ),
        (
            "<setting name='Color'><value><![CDATA[dark green]]></value></setting>",
            "<setting name='Color'><value><![CDATA[dark green]]></value></setting>",
        ),
        (
            "<setting name='Color'><value><!--dark green--></value></setting>",
            "<setting name='Color'><value>dark green</value></setting>",
        ),
    ] {
        let name = if inner.contains("color") {
            "color"
        } else {
            "Color"
        };
        check(&[(&wrap(inner), &wrap(expected), &[name])]);
    }
    let special = wrap("<setting name='Special'><value/></setting>");
    let outcome = config_variables(&special, &set()).unwrap();
    assert_eq!(
        outcome.text,
        wrap(
            "<setting name='Special'><value>&lt;a&gt; &amp; \"b\" 'c'&#xD;\n\td</value></setting>"
        )
    );
    let after = "<c><applicationSettings/><setting name='Color'/></c>";
    check(&[(after, after, &[])]);
}

#[track_caller]
fn check_error(text: &str, expected: &Expect) {
    expected.assert_eq(&config_variables(text, &set()).unwrap_err().to_string());
}

#[test]
fn errors() {
    check_error(
        "<a>\n  <b></c></a>",
        &expect!["line 2, column 6: expected 'b' tag, not 'c'; correct the XML of the file"],
    );
    check_error(
        "",
        &expect![
            "line 1, column 1: the document does not have a root node; correct the XML of the file"
        ],
    );
    check_error(
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        &expect![
            "line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it"
        ],
    );
    check_error(
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        &expect![
            "line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it"
        ],
    );
    check_error(
        "<a>&x;</a>",
        &expect!["line 1, column 4: unknown entity reference 'x'; correct the XML of the file"],
    );
    check_error(
        "<appSettings><add key='Loop'/></appSettings>",
        &expect![
            "the variable `Loop` can't be evaluated; correct it, or the variables that it refers to"
        ],
    );
    check_error(
        "<appSettings><add key='Bell'/></appSettings>",
        &expect![
            "the value of the variable `Bell` holds the character U+0007, which XML does not allow; remove it"
        ],
    );
    let error = config_variables("<appSettings><add key='Loop'/></appSettings>", &set());
    assert!(matches!(
        error,
        Err(TransformError::Variable {
            source: EvaluateError::Cycle { .. },
            ..
        })
    ));
}

#[test]
fn extremes() {
    let deep = "<applicationSettings>".repeat(20_000)
        + "<setting name='Color'/>"
        + &"</applicationSettings>".repeat(20_000);
    assert!(
        config_variables(&deep, &set())
            .unwrap()
            .text
            .contains("dark green")
    );
    let spaces = format!(
        "<appSettings><add key='Color' value{}={}'x'/></appSettings>",
        " ".repeat(300),
        " ".repeat(300)
    );
    assert_eq!(
        config_variables(&spaces, &set()).unwrap().text,
        spaces.replace("'x'", "'dark green'")
    );
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<appSettings>",
        "</appSettings>",
        "<add key='Color' value='x'/>",
        "<add key=\"Special\">",
        "</add>",
        "<applicationSettings>",
        "</applicationSettings>",
        "<setting name='Color'>",
        "</setting>",
        "<value>",
        "</value>",
        "<value/>",
        "<!-- -->",
        "<![CDATA[>]]>",
        "&amp;",
        "é",
        "\r\n",
        "<?p ?>",
        "<",
        ">",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| format!("<c>{}</c>", pieces.concat()))
}

proptest! {
    #[test]
    fn without_variables_nothing_changes(text in pieces()) {
        if let Ok(outcome) = config_variables(&text, &VariableSet::new()) {
            prop_assert_eq!(outcome.text, text);
        }
    }

    #[test]
    fn a_changed_document_is_one_and_stays(text in pieces()) {
        if let Ok(outcome) = config_variables(&text, &set()) {
            prop_assert_eq!(config_variables(&outcome.text, &set()).unwrap().text, outcome.text);
        }
    }

    #[test]
    fn any_value_can_be_read_back(value in "[\\t\\n\\r -~é😀]{0,12}") {
        let text = "<c><appSettings><add key='k' value='x'/></appSettings><applicationSettings><setting name='k'/></applicationSettings></c>";
        let set = VariableSet::from_iter([("k", value.replace("#{", ""))]);
        let outcome = config_variables(text, &set).unwrap();
        let document = roxmltree::Document::parse(&outcome.text).unwrap();
        let find = |name: &str| document.descendants().find(|node| node.has_tag_name(name)).unwrap();
        prop_assert_eq!(find("add").attribute("value"), set.get_raw("k"));
        prop_assert_eq!(find("value").text().unwrap_or_default(), set.get_raw("k").unwrap());
    }
}
