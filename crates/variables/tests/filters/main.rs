//! The filters, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod dates;
mod numbers;
mod text;

use proptest::prelude::*;
use variables::VariableSet;

/// Applies filters to a value: rows of (value, filters, result). A result of `NONE`
/// stands for no value: the source text stays.
#[track_caller]
fn check(rows: &[(&str, &str, &str)]) {
    for (value, filters, expected) in rows {
        let mut set = VariableSet::from_iter([("v", *value)]);
        set.set_now(dates::now());
        let template = format!("#{{v | {filters}}}");
        let evaluation = set.evaluate(&template);
        assert_eq!(evaluation.error, None, "{template}");
        if *expected == NONE {
            assert_eq!(evaluation.text, template, "of {value:?}");
            assert_eq!(evaluation.missing, [format!("v | {filters}")]);
        } else {
            assert_eq!(evaluation.text, *expected, "{filters} of {value:?}");
        }
    }
}

const NONE: &str = "(no value)";

const NAMES: &[&str] = &[
    "AddDays",
    "AddHours",
    "Append",
    "Contains",
    "EndsWith",
    "Format",
    "FromBase64",
    "HtmlEscape",
    "Indent",
    "JsonEscape",
    "Match",
    "Md5",
    "Prepend",
    "PropertiesKeyEscape",
    "PropertiesValueEscape",
    "Replace",
    "Sha1",
    "Sha256",
    "Sha384",
    "Sha512",
    "StartsWith",
    "Substring",
    "ToBase64",
    "ToLower",
    "ToUpper",
    "Trim",
    "Truncate",
    "UriDataEscape",
    "UriEscape",
    "UriPart",
    "VersionMajor",
    "VersionMetadata",
    "VersionMinor",
    "VersionPatch",
    "VersionPrerelease",
    "VersionPrereleaseCounter",
    "VersionPrereleasePrefix",
    "VersionRevision",
    "XmlEscape",
    "YamlDoubleQuoteEscape",
    "YamlSingleQuoteEscape",
];

/// Text that is near to what filters read.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9+.,eE%-]{0,30}",
        "[0#.,;%E'\\\\-]{0,16}",
        "[dMyHhmsftgzK:/%'\\\\ ]{0,12}",
        "[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}[ T]?[0-9:.]{0,12}[Z+-]?[0-9:]{0,5}",
        "[a-z]{1,5}:/{0,3}[a-z0-9@:.\\[\\]]{0,12}[/?#a-z]{0,8}",
        "[v0-9.+_-]{0,12}",
        "[a-z()|*+?\\[\\]\\\\$0-9]{0,12}",
        prop::sample::select(vec![
            "int", "double", "decimal", "date", "utf8", "unicode", "base64"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn any_arguments_have_a_result(
        name in prop::sample::select(NAMES.to_vec()),
        value in text(),
        arguments in prop::collection::vec(text(), 0..3),
    ) {
        let mut set = VariableSet::from_iter([("v", value)]);
        let mut template = format!("#{{v | {name}");
        for (at, argument) in arguments.iter().enumerate() {
            set.set(format!("a{at}"), argument);
            template += &format!(" #{{a{at}}}");
        }
        template += "}";
        let evaluation = set.evaluate(&template);
        prop_assert_eq!(evaluation.error, None);
        prop_assert_eq!(evaluation.text == template, evaluation.missing.len() == 1);
    }
}
