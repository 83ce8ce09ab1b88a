//! Pure crates stay pure: neither they nor what they are made of may wait, call out, or look at
//! the machine. `clippy.toml` bans the standard library's ways, this check the libraries.

mod rules;

use std::collections::BTreeSet;

use super::finding::Finding;
use super::tree::{Tree, line_of};
pub(super) use rules::CRATES;
use rules::{BANNED, BANNED_WITH, DENIED, EXCUSED};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let pure = tree
        .members
        .iter()
        .filter(|m| CRATES.contains(&m.name.as_str()));
    for member in pure {
        let manifest = member.manifest();
        let clippy = format!("{}/clippy.toml", member.path);
        let mut bans: BTreeSet<&str> = BANNED.iter().copied().collect();
        for (from, to) in tree.normal.get(&member.name).into_iter().flatten() {
            let Some(what) = denied(to) else { continue };
            // What a denied library is made of goes or stays with it.
            if denied(from).is_some() {
                continue;
            }
            let excused = EXCUSED.iter().any(|(a, b, _)| a == from && b == to);
            if !excused {
                findings.push(Finding::new(
                    &manifest,
                    line_of(tree.text(&manifest), from),
                    format!(
                        "`{}` is pure, but has `{to}` by `{from}`, which {what}",
                        member.name
                    ),
                    "do without, switch off the feature, or excuse it in xtask/src/tidy/pure/rules.rs",
                ));
            } else if *from == member.name {
                let more = BANNED_WITH.iter().filter(|(library, _)| library == to);
                bans.extend(more.flat_map(|(_, paths)| *paths));
            }
        }
        let text = tree.text(&clippy);
        for ban in bans {
            if !text.contains(&format!("{{ path = \"{ban}\", reason = \"")) {
                findings.push(Finding::new(
                    &clippy,
                    1,
                    format!("a pure crate does not ban `{ban}`"),
                    "list it with its reason",
                ));
            }
        }
    }
    findings
}

/// What is wrong with a library.
fn denied(library: &str) -> Option<&'static str> {
    let entry = DENIED.iter().find(|(_, names)| names.contains(&library));
    entry.map(|(what, _)| *what)
}

#[cfg(test)]
mod tests {
    use super::{BANNED, BANNED_WITH, check};
    use crate::tidy::finding::text;
    use crate::tidy::tree::{Tree, edges};

    /// A pure crate `variables` with these dependencies, without this ban.
    fn tree(normal: &str, without: &str) -> Tree {
        let more = BANNED_WITH.iter().flat_map(|(_, bans)| *bans);
        let bans: String = BANNED
            .iter()
            .chain(more)
            .filter(|ban| **ban != without)
            .map(|ban| format!("  {{ path = \"{ban}\", reason = \"pure\" }},\n"))
            .collect();
        let mut tree = Tree::of(&[
            ("crates/variables/clippy.toml", &bans),
            (
                "crates/variables/Cargo.toml",
                "[dependencies]\nserde.workspace = true\n",
            ),
        ])
        .member("variables", &[]);
        tree.normal.insert("variables".to_owned(), edges(normal));
        tree
    }

    #[test]
    fn planted_libraries_are_found() {
        let remedy =
            "do without, switch off the feature, or excuse it in xtask/src/tidy/pure/rules.rs";
        for (normal, expected) in [
            ("", String::new()),
            (
                "variables > jiff, variables > zip, zip > getrandom, getrandom > libc",
                String::new(),
            ),
            (
                "variables > serde, serde > tokio",
                format!(
                    "crates/variables/Cargo.toml:2: `variables` is pure, but has `tokio` by `serde`, which runs tasks, so its callers wait; {remedy}"
                ),
            ),
            (
                "variables > zip, variables > libc, zip > libc",
                format!(
                    "crates/variables/Cargo.toml:1: `variables` is pure, but has `libc` by `variables`, which calls the operating system; {remedy}"
                ),
            ),
        ] {
            assert_eq!(text(&check(&tree(normal, ""))), expected, "{normal}");
        }
    }

    #[test]
    fn planted_gaps_of_the_ban_list_are_found() {
        for (normal, without, found) in [
            ("", "std::fs::read", true),
            ("", "jiff::Timestamp::now", false),
            ("variables > jiff", "jiff::Timestamp::now", true),
        ] {
            let expected = format!(
                "crates/variables/clippy.toml:1: a pure crate does not ban `{without}`; list it with its reason"
            );
            let expected = if found { expected } else { String::new() };
            assert_eq!(text(&check(&tree(normal, without))), expected, "{without}");
        }
    }
}
