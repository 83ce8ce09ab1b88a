//! Versions and ranges.

use expect_test::{Expect, expect};
use nupkg::{NuGetVersion, VersionRange};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

fn version(text: &str) -> NuGetVersion {
    NuGetVersion::parse(text).unwrap()
}

#[test]
fn normalised() {
    for (text, normalised) in [
        ("1", "1.0.0"),
        ("1.2", "1.2.0"),
        ("1.2.3", "1.2.3"),
        ("1.2.3.0", "1.2.3"),
        ("1.2.3.4", "1.2.3.4"),
        ("01.002.0003", "1.2.3"),
        ("0.0.0.1", "0.0.0.1"),
        ("1.0-Beta.01.x-y", "1.0.0-Beta.01.x-y"),
        ("1.0.0--", "1.0.0--"),
        ("1.0.0+build-5.x", "1.0.0"),
        ("1.0.0-rc+sha.1", "1.0.0-rc"),
        ("2147483647.0.0", "2147483647.0.0"),
        (" 1.0 ", "1.0.0"),
    ] {
        let version = version(text);
        assert_eq!(version.to_string(), normalised);
        assert_eq!(version.original(), text.trim());
        assert_eq!(version.is_prerelease(), normalised.contains('-'), "{text}");
    }
    let full = version("1.0-rc.1+build.5");
    assert_eq!(full.to_full(), "1.0.0-rc.1+build.5");
    assert_eq!(
        (full.prerelease(), full.metadata()),
        ("rc.1", Some("build.5"))
    );
    assert_eq!(full.numbers(), [1, 0, 0, 0]);
    assert_eq!(NuGetVersion::new(1, 2, 3).unwrap(), version("1.2.3"));
}

#[test]
fn not_versions() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&NuGetVersion::parse(text).unwrap_err().to_string());
    };
    check(
        "",
        expect![
            "`` is not a version: it must begin with one to four numbers, joined by single dots"
        ],
    );
    check(
        "1.2.3.4.5",
        expect!["`1.2.3.4.5` is not a version: at most four numbers are allowed"],
    );
    check(
        "1.2147483648",
        expect!["`1.2147483648` is not a version: a number is greater than 2147483647"],
    );
    check(
        "99999999999999999999",
        expect!["`99999999999999999999` is not a version: a number is greater than 2147483647"],
    );
    check(
        "1.0-",
        expect![
            "`1.0-` is not a version: what follows `-` must be letters, digits and `-`, in parts joined by single dots"
        ],
    );
    check(
        "1.0+",
        expect![
            "`1.0+` is not a version: what follows `+` must be letters, digits and `-`, in parts joined by single dots"
        ],
    );
    for text in [
        "v1.0", "1..0", ".1", "1.", "-1", "+1", "1.0-a..b", "1.0-ä", "1.0+a+b", "1.0-a_b", "1.*",
        "١.٢", "1 .0",
    ] {
        assert!(NuGetVersion::parse(text).is_err(), "{text}");
    }
    assert!(NuGetVersion::new(u32::MAX, 0, 0).is_err());
}

#[test]
fn order() {
    let ascending = [
        "0.9",
        "1.0-1",
        "1.0-2",
        "1.0-10",
        "1.0-99999999999999999999",
        "1.0-alpha",
        "1.0-alpha.1",
        "1.0-alpha.1.0",
        "1.0-ALPHA.beta",
        "1.0-beta",
        "1.0-beta.2",
        "1.0-Beta.11",
        "1.0-rc-1",
        "1.0-rc1",
        "1.0",
        "1.0.0.1-a",
        "1.0.0.1",
        "1.0.1",
        "1.9.0",
        "1.10.0",
        "2.0",
    ]
    .map(version);
    for (i, a) in ascending.iter().enumerate() {
        for (j, b) in ascending.iter().enumerate() {
            assert_eq!(a.cmp(b), i.cmp(&j), "{a} and {b}");
        }
    }
    for (a, b) in [
        ("1.0", "1.0.0.0"),
        ("1.0-RC", "1.0-rc"),
        ("1.0+a", "1.0+b"),
        ("1.0-a.01", "1.0-a.1"),
        ("01", "1"),
    ] {
        assert_eq!(version(a), version(b));
        assert_eq!(hash(&version(a)), hash(&version(b)));
    }
}

fn hash(version: &NuGetVersion) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn ranges() {
    for (text, shown, inside, outside) in [
        ("1.0", "1.0.0", "1.0 1.0.1 99", "0.9 1.0-rc"),
        ("[1.0]", "[1.0.0]", "1.0 1.0.0.0 1.0+x", "1.0-rc 1.0.1"),
        (
            "[1.0,2.0)",
            "[1.0.0, 2.0.0)",
            "1.0 1.99 2.0-beta",
            "2.0 0.9",
        ),
        ("(1.0 , 2.0]", "(1.0.0, 2.0.0]", "1.0.1 2.0", "1.0 2.0.1"),
        ("(,2.0]", "(, 2.0.0]", "0 1.0-x 2", "2.0.1"),
        ("(,2.0)", "(, 2.0.0)", "0", "2.0"),
        ("(1.0,)", "(1.0.0, )", "1.0.1", "1.0"),
        ("[1.0,)", "1.0.0", "1.0", "0.1"),
        ("[1.0,1.0]", "[1.0.0]", "1.0", "1.1"),
    ] {
        let range = VersionRange::parse(text).unwrap();
        assert_eq!(range.to_string(), shown);
        assert!(
            inside.split(' ').all(|v| range.contains(&version(v))),
            "{text}"
        );
        assert!(
            !outside.split(' ').any(|v| range.contains(&version(v))),
            "{text}"
        );
    }
    assert!(VersionRange::any().contains(&version("0.0.0-a")));
}

#[test]
fn not_ranges() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&VersionRange::parse(text).unwrap_err().to_string());
    };
    check(
        "[1.0",
        expect!["`[1.0` is not a version range: an interval ends with `]` or `)`"],
    );
    check(
        "(1.0)",
        expect!["`(1.0)` is not a version range: a single version is written `[1.0]`"],
    );
    check(
        "[]",
        expect!["`[]` is not a version range: the brackets are empty"],
    );
    check(
        "(,)",
        expect![
            "`(,)` is not a version range: it has no bound; leave the range out to allow every version"
        ],
    );
    check(
        "[2.0,1.0]",
        expect!["`[2.0,1.0]` is not a version range: the lower bound is above the upper one"],
    );
    check(
        "[1.0,1.0)",
        expect!["`[1.0,1.0)` is not a version range: no version lies between its bounds"],
    );
    check(
        "1.*",
        expect![
            "`1.*` is not a version range: `1.*` is not a version: it must begin with one to four numbers, joined by single dots"
        ],
    );
    for text in ["", "[1.0,2.0,3.0]", "1.0]", "[x,)", "["] {
        assert!(VersionRange::parse(text).is_err(), "{text}");
    }
}

fn any_version() -> impl Strategy<Value = NuGetVersion> {
    let text = "[0-9]{1,2}(\\.[0-9]{1,2}){0,3}(-[0-9a-bA-B-]{1,2}(\\.[0-9a-bA-B]{1,2}){0,2})?(\\+[a-z]{1,2})?";
    text.prop_map(|text| version(&text))
}

proptest! {
    #[test]
    fn printed_and_parsed_again(v in any_version()) {
        let full = version(&v.to_full());
        prop_assert_eq!(&full, &v);
        prop_assert_eq!(full.to_full(), v.to_full());
        prop_assert_eq!(version(&v.to_string()).to_string(), v.to_string());
    }

    #[test]
    fn the_order_is_total(mut versions in prop::collection::vec(any_version(), 3)) {
        for a in &versions {
            for b in &versions {
                prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
                prop_assert_eq!(a == b, a.cmp(b) == Ordering::Equal);
                if a == b {
                    prop_assert_eq!(hash(a), hash(b));
                }
            }
        }
        versions.sort();
        prop_assert!(versions[0] <= versions[2]);
    }

    #[test]
    fn a_range_is_what_its_bounds_say(a in any_version(), b in any_version(), v in any_version()) {
        let range = VersionRange::parse(&format!("[{a},{b})"));
        prop_assert_eq!(range.is_ok(), a < b);
        if let Ok(range) = range {
            prop_assert_eq!(range.contains(&v), a <= v && v < b);
            prop_assert_eq!(VersionRange::parse(&range.to_string()).unwrap(), range);
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,20}") {
        let _ = NuGetVersion::parse(&text);
        let _ = VersionRange::parse(&text);
    }
}
