//! Symbolic links: only those that stay inside.

use super::raw_zip::{RawEntry, file, folder, link, open};
use nupkg::EntryKind;

#[test]
fn links_that_stay_inside_are_given_out() {
    let archive = open(&[
        file("lib/libacme.so.1.2", "elf"),
        link("lib/libacme.so.1", "libacme.so.1.2"),
        link("lib/libacme.so", "libacme.so.1"),
        link("bin/acme", "../lib/../lib/./libacme.so"),
        link("lib/all", ".."),
        link("dangling", "not/there/../yet"),
        link("loop", "loop"),
    ])
    .unwrap();
    let targets: Vec<_> = archive
        .entries()
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Symlink { target } => Some((entry.path.as_str(), target.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        targets,
        [
            ("lib/libacme.so.1", "libacme.so.1.2"),
            ("lib/libacme.so", "libacme.so.1"),
            ("bin/acme", "../lib/../lib/./libacme.so"),
            ("lib/all", ".."),
            ("dangling", "not/there/../yet"),
            ("loop", "loop"),
        ]
    );
}

#[test]
fn links_that_lead_elsewhere_are_refused() {
    let outside = "is a link that leaves the package's folder";
    refused(&[link("l", "/etc/passwd")], outside);
    refused(&[link("l", "..")], outside);
    refused(&[link("a/l", "../../x")], outside);
    refused(&[link("a/l", "b/../../../x")], outside);
    refused(&[link("a/l", "../..")], outside);
    let through = "is a link that leads through another link";
    refused(
        &[link("a/b/up", "../.."), link("x", "a/b/up/../../etc")],
        through,
    );
    refused(&[link("x", "A/B/UP/.."), link("a/b/up", "../..")], through);
    refused(&[link("self", "self/x")], through);
    let plain = "is a link whose target is not a plain relative path";
    for target in ["", "a\\b", "..\\..\\x", "C:x", "a\0b", "NUL", "a./b"] {
        refused(&[link("l", target)], plain);
    }
    refused(&[link("l", &"a".repeat(5000))], plain);
    refused(
        &[RawEntry {
            content: vec![0xff],
            ..link("l", "")
        }],
        plain,
    );
}

#[test]
fn nothing_is_written_through_a_link() {
    let conflict = "is both a folder and something else";
    refused(&[link("l", "a"), file("l/x", "")], conflict);
    refused(&[file("l/x", ""), link("l", "a")], conflict);
    refused(&[link("l", "a"), file("L/x", "")], conflict);
    refused(&[link("l", "a"), folder("l/")], conflict);
    refused(&[link("l", "a"), file("l", "")], "occurs twice");
    refused(
        &[link("l/", "a")],
        "is neither file, folder nor symbolic link",
    );
}

#[test]
fn the_type_bits_count_on_every_system() {
    let dos = RawEntry {
        made_by: 0,
        ..link("l", "/etc/passwd")
    };
    refused(&[dos], "is a link that leaves the package's folder");
}

fn refused(entries: &[RawEntry], reason: &str) {
    let error = open(entries).map(|_| ()).expect_err(reason).to_string();
    assert!(error.contains(reason), "{error}");
}
