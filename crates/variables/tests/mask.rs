//! Sensitive values in streams.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use variables::{Masker, is_maskable};

#[track_caller]
fn check(secrets: &[&str], rows: &[(&str, &str)]) {
    let masker = Masker::new(secrets);
    for (text, expected) in rows {
        assert_eq!(masker.mask(text), *expected, "{text:?}");
        // The same when each character comes alone.
        let mut stream = masker.clone();
        let mut out: String = text
            .chars()
            .map(|c| stream.push(c.encode_utf8(&mut [0; 4])))
            .collect();
        out += &stream.finish();
        assert_eq!(out, *expected, "{text:?}");
    }
}

#[test]
fn values_are_replaced() {
    check(
        &["hunter2", "pässwörd"],
        &[
            ("", ""),
            ("nothing", "nothing"),
            ("hunter2", "****"),
            ("my hunter2, hunter", "my ****, hunter"),
            ("hunthunter2hunter2", "hunt********"),
            ("ein pässwörd, pässwort", "ein ****, pässwort"),
        ],
    );
}

#[test]
fn overlapping_values_become_one() {
    check(
        &["abcdef", "defghi", "cdXXefghZ", "efgh", "aaaa"],
        &[
            ("abcdefghi", "****"),
            ("abcdefabcdef", "********"),
            ("abcdefgh!", "****!"),
            ("cdXXefgh!", "cdXX****!"),
            ("cdXXefghZ!", "****!"),
            ("aaaaaa b aaa", "**** b aaa"),
        ],
    );
    // A value inside the beginning of another one, after a third one that reaches into it.
    check(
        &["abcd", "cdXXefghZ", "efgh"],
        &[("abcdXXefgh!", "****XX****!")],
    );
}

#[test]
fn lines_are_hidden_by_themselves() {
    check(
        &["first line\n  second line\nx"],
        &[
            ("first line\n  second line\nx", "****"),
            ("first line\r\n  second line\r\nx", "****"),
            ("> first line\n> second line\n> x", "> ****\n> ****\n> x"),
        ],
    );
}

#[test]
fn short_and_blank_values_are_shown() {
    check(
        &["abc", "", "      ", "äöü"],
        &[("abc äöü       ", "abc äöü       ")],
    );
    assert!(is_maskable("äöüß") && !is_maskable("äöü") && !is_maskable(" \n\t  "));
}

#[test]
fn values_can_be_added_on_the_way() {
    let mut masker = Masker::new(["abcdef"]);
    assert_eq!(masker.push("abcdef abcd"), "**** ");
    masker.add("cdXX");
    assert_eq!(masker.push("XX abcdef"), "ab**** ****");
    assert_eq!(masker.finish(), "");
    // What was hidden already, but not given out, stays hidden.
    let mut masker = Masker::new(["abcd", "cdefgh"]);
    assert_eq!(masker.push("abcdef"), "");
    masker.add("other");
    assert_eq!(masker.push("!") + &masker.finish(), "****ef!");
}

#[test]
fn bytes_of_other_encodings_pass() {
    let mut masker = Masker::new(["secret"]);
    let mut out = masker.push_bytes(b"\xFFse");
    out.extend(masker.push_bytes(b"cret\xFEsec"));
    out.extend(masker.finish_bytes());
    assert_eq!(out, b"\xFF****\xFEsec");
    assert!(!format!("{masker:?}").contains("secret"));
}

/// Few letters, so that secrets overlap and almost match.
fn word(lengths: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!['a', 'b', 'é', '\n']), lengths)
        .prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #[test]
    fn splits_change_nothing_and_nothing_is_shown(
        secrets in prop::collection::vec(word(4..8), 0..4),
        text in word(0..80),
        cuts in prop::collection::vec(0usize..80, 0..10),
    ) {
        let masker = Masker::new(&secrets);
        let whole = masker.mask(&text);
        for secret in secrets.iter().filter(|secret| is_maskable(secret)) {
            prop_assert!(!whole.contains(secret.as_str()), "{secret:?} in {whole:?}");
        }
        // What is shown is a part of the text, in order.
        let mut rest = text.as_str();
        for shown in whole.split("****") {
            let at = rest.find(shown);
            prop_assert!(at.is_some(), "{shown:?} in {rest:?}");
            rest = &rest[at.unwrap() + shown.len()..];
        }
        let mut stream = masker;
        let mut out = Vec::new();
        let mut cuts = cuts;
        cuts.sort();
        let mut done = 0;
        for cut in cuts.into_iter().filter(|cut| *cut <= text.len()) {
            out.extend(stream.push_bytes(&text.as_bytes()[done..cut]));
            done = cut;
        }
        out.extend(stream.push_bytes(&text.as_bytes()[done..]));
        out.extend(stream.finish_bytes());
        prop_assert_eq!(String::from_utf8(out).unwrap(), whole);
    }

    #[test]
    fn text_without_secrets_passes(secrets in prop::collection::vec("[a-m]{4,9}", 0..4), text in "[n-z]{0,60}") {
        prop_assert_eq!(Masker::new(&secrets).mask(&text), text);
    }
}
