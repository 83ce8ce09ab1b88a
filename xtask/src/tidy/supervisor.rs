//! The supervisor outlives every agent, so all that is in it is known by name.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::tree::{Tree, line_of};

/// The supervisor.
pub(super) const CRATE: &str = "suction-cup";

/// What it is made of on Linux, procedural macros included.
const MADE_OF: &[&str] = &[
    "adler2",
    "bitflags",
    "cfg-if",
    "crc32fast",
    "flate2",
    "layout",
    "libc",
    "linux-raw-sys",
    "miniz_oxide",
    "nix",
    "nupkg",
    "proc-macro2",
    "quote",
    "rustix",
    "simd-adler32",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let edges = tree.normal.get(CRATE).into_iter().flatten();
    let mut makers: BTreeSet<&str> = BTreeSet::new();
    let mut findings = Vec::new();
    let list = "xtask/src/tidy/supervisor.rs";
    for (from, to) in edges {
        if makers.insert(to) && !MADE_OF.contains(&to.as_str()) {
            let manifest = format!("crates/{CRATE}/Cargo.toml");
            findings.push(Finding::new(
                &manifest,
                line_of(tree.text(&manifest), to),
                format!("+ `{to}` is new in the supervisor, by `{from}`"),
                format!("do without, or weigh its size and add it to MADE_OF in {list}"),
            ));
        }
    }
    for name in MADE_OF.iter().filter(|name| !makers.contains(**name)) {
        findings.push(Finding::new(
            list,
            1,
            format!("- `{name}` is no longer in the supervisor"),
            "take it out of MADE_OF",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{CRATE, MADE_OF, check};
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    fn tree(names: &[&str]) -> Tree {
        let edges = names
            .iter()
            .map(|name| (CRATE.to_owned(), (*name).to_owned()));
        let mut tree = Tree::default();
        tree.normal.insert(CRATE.to_owned(), edges.collect());
        tree
    }

    #[test]
    fn planted_changes_are_shown_as_a_difference() {
        assert_eq!(text(&check(&tree(MADE_OF))), "");
        let mut names = MADE_OF.to_vec();
        names.retain(|name| *name != "flate2");
        names.push("tokio");
        let expected = "\
crates/suction-cup/Cargo.toml:1: + `tokio` is new in the supervisor, by `suction-cup`; do without, or weigh its size and add it to MADE_OF in xtask/src/tidy/supervisor.rs
xtask/src/tidy/supervisor.rs:1: - `flate2` is no longer in the supervisor; take it out of MADE_OF";
        assert_eq!(text(&check(&tree(&names))), expected);
    }
}
