//! Archives that want to do harm are refused whole, with the reason.

use super::raw_zip::{RawEntry, file, folder, open, with_mode, zip};
use expect_test::{Expect, expect};
use nupkg::{Archive, Limits};
use std::io::Cursor;

/// The hostile entries come after a harmless one: the archive is refused all the same.
fn check(entries: &[RawEntry], expected: &Expect) {
    let mut all = vec![file("harmless.txt", "hello")];
    all.extend_from_slice(entries);
    let error = open(&all).map(|_| ()).expect_err("refused");
    expected.assert_eq(&error.to_string());
}

#[test]
fn entries_that_leave_the_folder() {
    check(
        &[file("../../etc/passwd", "x")],
        &expect![
            "entry `../../etc/passwd` leaves the package's folder; the package was refused, nothing was extracted"
        ],
    );
    for name in [
        "..",
        "a/../../b",
        "a/..",
        "../",
        "..\\..\\windows\\x",
        "a\\..\\b",
        "a/..\\b",
    ] {
        refused_for(name, "leaves the package's folder");
    }
    for name in [
        "/etc/passwd",
        "\\windows\\x",
        "//server/share/x",
        "\\\\server\\share\\x",
        "/",
        "\\\\?\\C:\\x",
    ] {
        refused_for(name, "is an absolute path");
    }
    for name in ["C:\\x", "c:x", "C:/x", "file.txt:stream", "a/b:c/d"] {
        refused_for(name, "contains a `:`");
    }
}

#[test]
fn names_that_do_not_mean_the_same_everywhere() {
    for name in ["", "a//b", "a\\\\b", "a//"] {
        refused_for(name, "has an empty name");
    }
    for name in ["a\0.txt", "a\nb", "a/\u{7f}", "\u{1b}[2J", "a\u{85}b"] {
        refused_for(name, "contains a control character");
    }
    for name in [
        "CON",
        "a/nul.txt",
        "com1",
        "LPT9.tar.gz",
        "aux/",
        "con/inner.txt",
        "COM³",
    ] {
        refused_for(name, "is a device on Windows");
    }
    for name in ["a.", "a ", "a./b", "a /b", "...", "a/. /b"] {
        refused_for(name, "ends with a dot or space");
    }
}

fn refused_for(name: &str, reason: &str) {
    let error = open(&[file("harmless.txt", ""), file(name, "")])
        .map(|_| ())
        .expect_err(name)
        .to_string();
    assert!(error.contains(reason), "{name:?}: {error}");
}

#[test]
fn the_same_place_twice() {
    check(
        &[file("Harmless.TXT", "other")],
        &expect![
            "entry `Harmless.TXT` occurs twice, or differs only by case from another entry; the package was refused, nothing was extracted"
        ],
    );
    let pairs = [
        [file("x", "1"), file("x", "2")],
        [file("a/x", ""), file("a\\x", "")],
        [file("a/x", ""), file("./a/x", "")],
        [file("ÄPFEL", ""), file("äpfel", "")],
        [folder("a/"), folder("A/")],
    ];
    for pair in pairs {
        let error = open(&pair).map(|_| ()).expect_err("refused").to_string();
        assert!(error.contains("occurs twice"), "{error}");
    }
    let pairs = [
        [file("a", ""), file("a/b", "")],
        [file("a/b", ""), file("A", "")],
        [folder("a/"), file("a", "")],
        [file("a", ""), folder("a/")],
    ];
    for pair in pairs {
        let error = open(&pair).map(|_| ()).expect_err("refused").to_string();
        assert!(
            error.contains("both a folder and something else"),
            "{error}"
        );
    }
}

#[test]
fn percent_encoding_hides_nothing() {
    let nuspec = file("Acme.Web.nuspec", "");
    check(
        &[nuspec.clone(), file("%2e%2e%2fetc%2Fpasswd", "x")],
        &expect![
            "entry `../etc/passwd` leaves the package's folder; the package was refused, nothing was extracted"
        ],
    );
    check(
        &[nuspec.clone(), file("a%5C..%5C..%5Cb", "x")],
        &expect![[
            r"entry `a\..\..\b` leaves the package's folder; the package was refused, nothing was extracted"
        ]],
    );
    check(
        &[nuspec.clone(), file("a%00", "x")],
        &expect![
            "entry `a\u{fffd}` contains a control character; the package was refused, nothing was extracted"
        ],
    );
    check(
        &[nuspec, file("a b", ""), file("a%20b", "")],
        &expect![
            "entry `a b` occurs twice, or differs only by case from another entry; the package was refused, nothing was extracted"
        ],
    );
}

#[test]
fn kinds_that_are_not_content() {
    for (kind, mode) in [
        ("pipe", 0o010_644),
        ("device", 0o020_644),
        ("disk", 0o060_644),
        ("socket", 0o140_644),
    ] {
        let error = open(&[with_mode(file(kind, ""), mode)])
            .map(|_| ())
            .expect_err(kind)
            .to_string();
        assert!(
            error.contains("is neither file, folder nor symbolic link"),
            "{error}"
        );
    }
    check(
        &[RawEntry {
            flags: 1,
            ..file("secret", "x")
        }],
        &expect!["entry `secret` is encrypted; the package was refused, nothing was extracted"],
    );
    check(
        &[RawEntry {
            method: 14,
            ..file("lzma", "x")
        }],
        &expect![
            "entry `lzma` is compressed by a method other than deflate (Lzma); the package was refused, nothing was extracted"
        ],
    );
    check(
        &[with_mode(file("folder/", "with content"), 0o040_755)],
        &expect![
            "entry `folder/` is neither file, folder nor symbolic link; the package was refused, nothing was extracted"
        ],
    );
}

#[test]
fn limits() {
    let limits = Limits {
        max_entries: 4,
        max_entry_bytes: 10,
        max_total_bytes: 15,
        ..Limits::default()
    };
    let check = |entries: &[RawEntry], expected: &Expect| {
        let error = Archive::open(Cursor::new(zip(entries)), &limits)
            .map(|_| ())
            .expect_err("refused");
        expected.assert_eq(&error.to_string());
    };
    let four = ["a", "b", "c", "d"].map(|name| file(name, "1"));
    Archive::open(Cursor::new(zip(&four)), &limits).unwrap();
    check(
        &["a", "b", "c", "d", "e"].map(|name| file(name, "1")),
        &expect![
            "the package has 5 entries, more than the limit of 4; it was refused, split it up or raise the limit"
        ],
    );
    check(
        &[file("a/b/c/d/e", "1")],
        &expect![
            "entry `a/b/c/d/e` is one too many: at most 4 files and folders are allowed; the package was refused, nothing was extracted"
        ],
    );
    check(
        &[file("a", "12345678901")],
        &expect![
            "entry `a` has 11 bytes, more than the limit of 10; the package was refused, nothing was extracted"
        ],
    );
    check(
        &[file("a", "1234567890"), file("b", "123456")],
        &expect![
            "the package holds more than 15 bytes; it was refused, split it up or raise the limit"
        ],
    );
}

#[test]
fn bombs() {
    let claims = |name, size| RawEntry {
        size: Some(size),
        ..file(name, "tiny")
    };
    check(
        &[claims("bomb", 50_000_000)],
        &expect![
            "entry `bomb` grows from 4 to 50000000 bytes, more than 1000 times; the package was refused, nothing was extracted"
        ],
    );
    // Many entries that use the same bytes, none of them large enough to stand out.
    let kernel = claims("bomb0", 8_000_000);
    let mut entries = vec![kernel.clone()];
    entries.extend((1..50).map(|n| RawEntry {
        name: format!("bomb{n}").into_bytes(),
        shares_data_of: Some(1),
        ..kernel.clone()
    }));
    check(
        &entries,
        &expect![
            "the package claims 400000005 bytes in an archive of 2756, more than 1000 times as much; it was refused, nothing was extracted"
        ],
    );
}
