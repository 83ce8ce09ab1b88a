//! Tars that want to do harm, or that are damaged, are refused whole, with the reason.

use super::raw_tar::{
    RawHeader, blocks, bz2, file, folder, gz, hard_link, link, long, of_kind, open, open_bytes,
    pax, tar,
};
use nupkg::{Archive, Limits};
use std::io::Cursor;

/// The hostile entries come after a harmless one: the archive is refused all the same.
fn refused(entries: &[RawHeader], reason: &str) {
    let mut all = vec![file("harmless.txt", "hello")];
    all.extend_from_slice(entries);
    let error = open(&all).map(|_| ()).expect_err(reason).to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn names_that_lead_elsewhere_however_they_are_written() {
    for (name, reason) in [
        ("../x", "leaves the package's folder"),
        ("a/../../x", "leaves the package's folder"),
        ("/etc/passwd", "is an absolute path"),
        ("C:\\x", "contains a `:`"),
        ("\\\\server\\share\\x", "is an absolute path"),
        ("NUL", "is a device on Windows"),
        ("a.", "ends with a dot"),
        ("a\nb", "contains a control character"),
        ("HARMLESS.TXT", "occurs twice"),
        ("harmless.txt/x", "is both a folder and something else"),
    ] {
        refused(&[file(name, "x")], reason);
        refused(&[long(b'L', name), file("innocent", "x")], reason);
        refused(
            &[pax(b'x', &[("path", name)]), file("innocent", "x")],
            reason,
        );
        let (prefix, rest) = name.split_once('/').unwrap_or(("", name));
        if !prefix.is_empty() {
            let prefix = Some(prefix.as_bytes().to_vec());
            refused(
                &[RawHeader {
                    prefix,
                    ..file(rest, "x")
                }],
                reason,
            );
        }
    }
    let latin = RawHeader {
        name: b"caf\xe9".to_vec(),
        ..file("", "")
    };
    refused(&[latin], "has a name that is not UTF-8");
}

#[test]
fn links() {
    let outside = "is a link that leaves the package's folder";
    refused(&[link("l", "/etc")], outside);
    refused(&[link("l", "../x")], outside);
    refused(&[long(b'K', "../x"), link("l", "a")], outside);
    refused(&[pax(b'x', &[("linkpath", "/x")]), link("l", "a")], outside);
    let conflict = "is both a folder and something else";
    refused(&[link("l", "a"), file("l/x", "")], conflict);
    refused(&[hard_link("l", "harmless.txt"), file("l/x", "")], conflict);
    refused(&[link("l", "a"), file("l", "")], "occurs twice");
    let hard = "is a hard link to something that is not a file before it";
    refused(&[hard_link("l", "later"), file("later", "")], hard);
    refused(&[hard_link("l", "l")], hard);
    refused(&[folder("d"), hard_link("l", "d")], hard);
    refused(&[link("s", "harmless.txt"), hard_link("l", "s")], hard);
    refused(&[hard_link("l", "Harmless.txt")], hard);
    refused(&[hard_link("l", "../x")], "leaves the package's folder");
    refused(&[hard_link("l", "/etc/passwd")], "is an absolute path");
    let special = "is neither file, folder nor symbolic link";
    let full = RawHeader {
        content: vec![b'x'],
        ..link("l", "a")
    };
    refused(std::slice::from_ref(&full), special);
    refused(&[of_kind(b'1', full)], special);
}

#[test]
fn kinds_that_are_not_content() {
    let special = "is neither file, folder nor symbolic link";
    for kind in *b"3468DMNVXZ" {
        refused(&[of_kind(kind, file("x", ""))], special);
    }
    refused(&[of_kind(b'5', file("x", "content"))], special);
    refused(&[file("x/", "content")], special);
    refused(&[of_kind(b'S', file("x", ""))], "is a sparse file");
    let sparse = pax(b'x', &[("GNU.sparse.major", "1")]);
    refused(&[sparse, file("x", "")], "is a sparse file");
}

#[test]
fn headers_that_two_readers_would_read_differently() {
    let nonsense = "a header makes no sense";
    refused(
        &[pax(b'x', &[("size", "1024")]), file("x", "abc")],
        nonsense,
    );
    refused(
        &[long(b'L', "a"), pax(b'x', &[("path", "b")]), file("x", "")],
        nonsense,
    );
    refused(&[long(b'L', "a"), long(b'L', "b"), file("x", "")], nonsense);
    refused(&[pax(b'x', &[]), pax(b'x', &[]), file("x", "")], nonsense);
    refused(&[pax(b'g', &[("path", "b")]), file("x", "")], nonsense);
    refused(
        &[of_kind(b'x', file("x", "nonsense")), file("x", "")],
        nonsense,
    );
    for size in [
        &b"-0000000001\0"[..],
        b"0000000008\0\0",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\x01\0\0\0\0\0\0\0\0\0\x01",
    ] {
        let size = Some(size.to_vec());
        refused(
            &[RawHeader {
                size,
                ..file("x", "a")
            }],
            nonsense,
        );
    }
    refused(
        &[RawHeader {
            off_by: 1,
            ..file("x", "")
        }],
        "a header is missing",
    );
    refused(&[long(b'L', "a")], "a header is missing");
    let mut more = tar(&[file("a", "")]);
    more.extend(tar(&[file("../b", "")]));
    let error = open_bytes(&more).map(|_| ()).unwrap_err().to_string();
    assert!(
        error.contains("there is something behind its end"),
        "{error}"
    );
}

#[test]
fn cut_off_anywhere() {
    let whole = tar(&[file("a", "0123456789"), long(b'L', "b"), file("x", "")]);
    let content = whole.len() - 1024;
    for (bytes, last) in [
        // Of the end, one block is enough.
        (whole.clone(), content + 511),
        (gz(&whole), gz(&whole).len() - 1),
        (bz2(&whole), bz2(&whole).len() - 1),
    ] {
        for length in 0..=last {
            let cut = open_bytes(&bytes[..length]);
            assert!(cut.is_err(), "{length} of {}", bytes.len());
        }
        open_bytes(&bytes).unwrap();
    }
    let open_end = blocks(&[file("a", "")]);
    let error = open_bytes(&open_end).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("it ends too early"), "{error}");
}

#[test]
fn any_bit_of_a_compressed_one_changed() {
    let whole = tar(&[file("a", "0123456789"), file("b", "x")]);
    for bytes in [gz(&whole), bz2(&whole)] {
        let honest = open_bytes(&bytes).unwrap();
        let mut unnoticed = 0;
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                if let Ok(archive) = open_bytes(&changed) {
                    assert_eq!(archive.entries(), honest.entries(), "byte {at}, bit {bit}");
                    unnoticed += 1;
                }
            }
        }
        // The time and system that gzip notes, and what fills up the last byte.
        assert!(unnoticed < 64, "{unnoticed}");
    }
}

#[test]
fn more_than_the_limits() {
    let limits = Limits {
        max_entries: 3,
        max_entry_bytes: 1000,
        max_total_bytes: 8000,
        max_ratio: 1000,
    };
    let refused = |entries: &[RawHeader], reason: &str| {
        let error = Archive::open(Cursor::new(tar(entries)), &limits);
        let error = error.map(|_| ()).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    };
    let kilobyte = "x".repeat(1000);
    refused(&[file("a/b/c/d", "")], "is one too many: at most 3");
    refused(&[file("a", &"x".repeat(1001))], "has 1001 bytes, more than");
    let many: Vec<RawHeader> =
        std::iter::repeat_n(pax(b'g', &[("comment", &kilobyte)]), 8).collect();
    refused(&many, "holds more than 8000 bytes");
    let mut copies = vec![file("a", &kilobyte)];
    copies.extend(["b", "c"].map(|name| hard_link(name, "a")));
    Archive::open(Cursor::new(tar(&copies)), &limits).unwrap();
    let small = Limits {
        max_total_bytes: 5000,
        ..limits
    };
    Archive::open(Cursor::new(tar(&copies)), &small)
        .map(|_| ())
        .unwrap_err();
}

#[test]
fn bombs() {
    let zeros = "\0".repeat(30_000_000);
    let inside = tar(&[file("zeros", &zeros)]);
    let behind = [tar(&[file("a", "")]), zeros.into_bytes()].concat();
    for unpacked in [inside, behind] {
        let error = open_bytes(&bz2(&unpacked))
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(error.contains("more than 1000 times as much"), "{error}");
    }
    // Not even looked for: the size alone is enough.
    let claims = RawHeader {
        size: Some(b"77777777777".to_vec()),
        ..file("x", "")
    };
    for bytes in [gz(&tar(std::slice::from_ref(&claims))), tar(&[claims])] {
        let error = open_bytes(&bytes).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("times as much"), "{error}");
    }
    let description = RawHeader {
        size: Some(b"00010000000".to_vec()),
        ..long(b'L', "x")
    };
    let error = open(&[description]).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("more than the limit of 1048576"), "{error}");
}
