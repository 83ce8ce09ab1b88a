//! What clients write is understood, all else is refused in words, and nothing panics.

use std::sync::Arc;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Comparison, Filter, Operand, Test};
use crate::{
    feed::shelf::Item,
    nuget::{
        catalog::{self, Entry, Reach},
        v2::property::Property,
    },
    store::packages::Package,
};

fn package(package_id: &str, version: &str, title: &str) -> Package {
    Package {
        id: 0,
        package_id: package_id.to_owned(),
        version: version.to_owned(),
        title: title.to_owned(),
        description: format!("What {package_id} is for."),
        tags: "web server".to_owned(),
        file_name: ".nupkg".to_owned(),
        sha256: String::new(),
        size: 1000,
        // 2024-05-01
        published_at: 1_714_521_600_000,
        listed: !version.starts_with("0."),
        semver2: false,
    }
}

fn entries() -> Vec<Entry> {
    let packages = [
        package("Acme.Api", "1.0.0", ""),
        package("Acme.Web", "0.9.0", "It's the web"),
        package("Acme.Web", "1.9.0", "It's the web"),
        package("Acme.Web", "1.10.0", "It's the web"),
        package("Acme.Web", "2.0.0-rc.1", "It's the web"),
    ];
    let items: Vec<_> = packages
        .into_iter()
        .filter_map(Item::new)
        .map(Arc::new)
        .collect();
    catalog::entries(&items, Reach::ALL)
}

/// The ids and versions that a filter leaves, or why it can't be read.
fn check(filter: &str, expected: &Expect) {
    let found = match Filter::parse(filter) {
        Err(why) => why,
        Ok(filter) => {
            let all = entries();
            let found = all.iter().filter(|entry| filter.holds(entry));
            let found =
                found.map(|entry| format!("{} {}", entry.package.package_id, entry.version));
            found.collect::<Vec<_>>().join(", ")
        }
    };
    expected.assert_eq(&found);
}

#[test]
fn what_clients_write() {
    check(
        "IsLatestVersion",
        &expect!["Acme.Api 1.0.0, Acme.Web 1.10.0"],
    );
    check(
        "IsAbsoluteLatestVersion",
        &expect!["Acme.Api 1.0.0, Acme.Web 2.0.0-rc.1"],
    );
    check(
        "IsLatestVersion eq true",
        &expect!["Acme.Api 1.0.0, Acme.Web 1.10.0"],
    );
    check(
        "tolower(Id) eq 'acme.web' and IsLatestVersion",
        &expect!["Acme.Web 1.10.0"],
    );
    check(
        "(tolower(Id) eq 'acme.web') or (tolower(Id) eq 'acme.api')",
        &expect![
            "Acme.Api 1.0.0, Acme.Web 0.9.0, Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-rc.1"
        ],
    );
    check(
        "Id eq 'Acme.Web' and Version eq '1.9'",
        &expect!["Acme.Web 1.9.0"],
    );
    check(
        "((((Id ne null) and substringof('api',tolower(Id))) or ((Title ne null) and substringof('web',tolower(Title)))) and IsLatestVersion)",
        &expect!["Acme.Api 1.0.0, Acme.Web 1.10.0"],
    );
    check("startswith(Id,'Acme.A')", &expect!["Acme.Api 1.0.0"]);
    check(
        "endswith(tolower(Id),'.web') eq false",
        &expect!["Acme.Api 1.0.0"],
    );
    check(
        "Published gt datetime'1900-01-01T00:00:00'",
        &expect!["Acme.Api 1.0.0, Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-rc.1"],
    );
    check(
        "not IsPrerelease and Listed eq true",
        &expect!["Acme.Api 1.0.0, Acme.Web 1.9.0, Acme.Web 1.10.0"],
    );
    check(
        "Title eq 'It''s the web' and Version lt '1.10.0'",
        &expect!["Acme.Web 0.9.0, Acme.Web 1.9.0"],
    );
    check(
        "DownloadCount ge 1 or PackageSize le 1000L",
        &expect![
            "Acme.Api 1.0.0, Acme.Web 0.9.0, Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-rc.1"
        ],
    );
    check(
        "substringof('SERVER', Tags) and Version ge '1.9'",
        &expect!["Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-rc.1"],
    );
}

#[test]
fn and_binds_before_or() {
    check(
        "IsPrerelease or IsLatestVersion and Id eq 'Acme.Api'",
        &expect!["Acme.Api 1.0.0, Acme.Web 2.0.0-rc.1"],
    );
    check(
        "(IsPrerelease or IsLatestVersion) and Id eq 'Acme.Api'",
        &expect!["Acme.Api 1.0.0"],
    );
    check(
        "not IsPrerelease or IsPrerelease",
        &expect![
            "Acme.Api 1.0.0, Acme.Web 0.9.0, Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-rc.1"
        ],
    );
}

#[test]
fn all_else_is_refused_in_words() {
    for filter in [
        "",
        "Id",
        "'text'",
        "Id eq",
        "Id eq 'open",
        "Id eq 'a' 'b'",
        "(Id eq 'a'",
        "Id eq 'a')",
        "Id is 'a'",
        "id eq 'a'",
        "Authors eq 'Acme'",
        "Id eq 3",
        "Id add 'a' eq 'b'",
        "IsLatestVersion gt false",
        "Version eq 'one'",
        "Version eq Title",
        "Published gt datetime'yesterday'",
        "Published gt '2024-01-01'",
        "DownloadCount gt 1.5",
        "DownloadCount gt 99999999999999999999",
        "substringof(3, Id)",
        "substringof('a' Id)",
        "concat(Id, 'a') eq 'b'",
        "length(Id) gt 3",
        "Id eq 'a' && IsLatestVersion",
        "Id eq \"a\"",
        "startswith(Id, 'a') eq 'a'",
        "startswith(Id, 'a') gt true",
    ] {
        let why = Filter::parse(filter).expect_err(filter);
        assert!(why.starts_with("$filter can't be read: "), "{why}");
        assert!(why.len() > 40 && why.ends_with('.'), "{filter}: {why}");
    }
    check(
        "Id eq 3",
        &expect!["$filter can't be read: a text can't be compared with a number."],
    );
    check(
        "Id eq 'open",
        &expect!["$filter can't be read: a quote is not closed."],
    );
    check(
        "(Id eq 'a'",
        &expect!["$filter can't be read: it ends where `)` should be."],
    );
    check(
        "Authors eq 'Acme'",
        &expect![
            "$filter can't be read: `Authors` is not known; there are the properties Id, Version, NormalizedVersion, Title, Description, Tags, IsLatestVersion, IsAbsoluteLatestVersion, IsPrerelease, Listed, Published, Created, LastUpdated, LastEdited, DownloadCount, VersionDownloadCount, PackageSize, the operators eq, ne, gt, ge, lt, le, and, or, not, and the functions tolower, toupper, substringof, startswith, endswith."
        ],
    );
    check(
        "Version eq 'one'",
        &expect![
            "$filter can't be read: `one` is not a version: it must begin with one to four numbers, joined by single dots."
        ],
    );
}

#[test]
fn nesting_ends_somewhere() {
    let nested =
        |depth: usize| format!("{}IsLatestVersion{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&nested(20)).is_ok());
    for deep in [
        nested(100_000),
        "not ".repeat(100_000),
        "tolower(".repeat(100_000),
    ] {
        let why = Filter::parse(&deep).unwrap_err();
        assert!(why.contains("nested more than 32 deep"), "{why}");
    }
    // Clients join as many ids as they have packages installed.
    let long = vec!["tolower(Id) eq 'acme.api'"; 10_000].join(" or ");
    let filter = Filter::parse(&long).unwrap();
    assert_eq!(
        entries().iter().filter(|entry| filter.holds(entry)).count(),
        1
    );
}

/// Filters, and the text of each.
fn filters() -> impl Strategy<Value = (Filter, String)> {
    let flag = prop_oneof![
        Just((Property::IsLatestVersion, "IsLatestVersion")),
        Just((Property::IsPrerelease, "IsPrerelease")),
        Just((Property::Listed, "Listed")),
    ];
    let flag = flag
        .prop_map(|(property, name)| (Filter::Is(Operand::Property(property)), name.to_owned()));
    let comparison = prop_oneof![
        Just((Comparison::Eq, "eq")),
        Just((Comparison::Ne, "ne")),
        Just((Comparison::Gt, "gt")),
        Just((Comparison::Ge, "ge")),
        Just((Comparison::Lt, "lt")),
        Just((Comparison::Le, "le")),
    ];
    let compare = (comparison, "[a-z' ()=]{0,6}").prop_map(|((comparison, name), text)| {
        let quoted = text.replace('\'', "''");
        let filter = Filter::Compare(
            Operand::Property(Property::Id),
            comparison,
            Operand::Text(text),
        );
        (filter, format!("tolower(Id) {name} '{quoted}'"))
    });
    let size = any::<i64>().prop_map(|number| {
        let size = Operand::Property(Property::PackageSize);
        let filter = Filter::Compare(size, Comparison::Ge, Operand::Number(number));
        (filter, format!("PackageSize ge {number}"))
    });
    let contains = "[a-z.]{1,3}".prop_map(|part| {
        let text = format!("substringof('{part}', Title)");
        let title = Operand::Property(Property::Title);
        (
            Filter::Text(Test::Contains, title, Operand::Text(part)),
            text,
        )
    });
    let leaf = prop_oneof![flag, compare, size, contains];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let join = |parts: &[(Filter, String)], word: &str| {
            let texts: Vec<String> = parts.iter().map(|(_, text)| format!("({text})")).collect();
            let filters: Vec<Filter> = parts.iter().map(|(filter, _)| filter.clone()).collect();
            (filters, texts.join(word))
        };
        let several = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(move |parts| {
                let (filters, text) = join(&parts, " and ");
                (Filter::All(filters), text)
            }),
            several.prop_map(move |parts| {
                let (filters, text) = join(&parts, " or ");
                (Filter::Any(filters), text)
            }),
            inner.prop_map(|(filter, text)| {
                (Filter::Not(Box::new(filter)), format!("not ({text})"))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in ".*") {
        let _either_way = Filter::parse(&text);
    }

    #[test]
    fn no_words_are_too_odd(
        words in proptest::collection::vec(
            prop_oneof![
                Just("("), Just(")"), Just(","), Just("'"), Just("''"), Just("eq"), Just("and"),
                Just("or"), Just("not"), Just("Id"), Just("Version"), Just("tolower"), Just("="),
                Just("substringof"), Just("datetime"), Just("datetime'2024-01-01'"), Just("null"),
                Just("-"), Just("1L"), Just("true"), Just("ß"),
            ],
            0..20,
        ),
    ) {
        if let Ok(filter) = Filter::parse(&words.join(" ")) {
            for entry in entries() {
                filter.holds(&entry);
            }
        }
        let _either_way = Filter::parse(&words.concat());
    }

    #[test]
    fn a_written_filter_is_read_back((filter, text) in filters()) {
        prop_assert_eq!(Filter::parse(&text), Ok(filter));
    }
}
