//! Times, sizes and counts as text.

use jiff::{SignedDuration, Timestamp};

use crate::portal::format::{ago, bytes, duration, grouped, plural, shell_word};
use crate::portal::tests::sample::NOW;

#[test]
fn durations_in_their_two_largest_units() {
    let cases = [
        (-5_000, "0 s"),
        (0, "0 s"),
        (400, "< 1 s"),
        (59_999, "59 s"),
        (60_000, "1 m 0 s"),
        (72_000, "1 m 12 s"),
        (3_599_000, "59 m 59 s"),
        (7_500_000, "2 h 5 m"),
        (273_600_000, "3 d 4 h"),
    ];
    for (milliseconds, text) in cases {
        assert_eq!(duration(SignedDuration::from_millis(milliseconds)), text);
    }
    assert_eq!(duration(SignedDuration::MAX), "106751991167300 d 15 h");
    assert_eq!(duration(SignedDuration::MIN), "0 s");
}

#[test]
fn moments_relative_to_now() {
    let cases = [
        (-3600, "2026-11-24"),
        (-60, "just now"),
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (180, "3 minutes ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (29 * 86_400, "29 days ago"),
        (30 * 86_400, "2026-10-24"),
    ];
    for (seconds, text) in cases {
        assert_eq!(
            ago(NOW, NOW - SignedDuration::from_secs(seconds)),
            text,
            "{seconds} s"
        );
    }
    assert_eq!(ago(NOW, Timestamp::MIN), "-9999-01-02");
    assert_eq!(ago(Timestamp::MIN, Timestamp::MAX), "9999-12-30");
}

#[test]
fn sizes_have_three_digits_at_most() {
    let cases = [
        (0, "0 B"),
        (812, "812 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4_249, "4.2 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (18_200_000, "18 MB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (u64::MAX, "18 EB"),
    ];
    for (size, text) in cases {
        assert_eq!(bytes(size), text, "{size}");
    }
}

#[test]
fn counts_with_their_nouns() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(1234), "1234");
    assert_eq!(grouped(12_340), "12\u{202f}340");
    assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    assert_eq!(plural(1, "machine"), "1 machine");
    assert_eq!(plural(0, "machine"), "0 machines");
}

#[test]
fn words_that_a_shell_would_split_are_quoted() {
    let cases = [
        ("Staging", "Staging"),
        ("Disaster recovery", "'Disaster recovery'"),
        ("a;b$(c)", "'a;b$(c)'"),
        ("Bob's", "\"Bob's\""),
        ("", "''"),
    ];
    for (word, quoted) in cases {
        assert_eq!(shell_word(word).as_deref(), Some(quoted));
    }
    assert_eq!(shell_word("Bob's $HOME"), None);
}
