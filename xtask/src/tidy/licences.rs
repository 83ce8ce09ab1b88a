//! Every package comes under terms that a program may be given away with.

mod spdx;

use super::finding::Finding;
use super::tree::{Tree, line_of};

/// SPDX names of the terms that are fine.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let lock = tree.text("Cargo.lock");
    let mut findings = Vec::new();
    for package in &tree.packages {
        let what = match package.licence.as_deref() {
            None => "names no licence".to_owned(),
            Some(licence) => match spdx::allows(licence, ALLOWED) {
                Ok(true) => continue,
                Ok(false) => format!("comes under `{licence}`"),
                Err(error) => format!("has a licence that can't be read, `{licence}`: {error}"),
            },
        };
        findings.push(Finding::new(
            "Cargo.lock",
            line_of(lock, &format!("name = \"{}\"", package.name)),
            format!("{} {} {what}", package.name, package.version),
            "use another library, or read the terms and allow them in xtask/src/tidy/licences.rs",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::{Package, Tree};

    #[test]
    fn planted_licences_are_found() {
        let lock = "[[package]]\nname = \"good\"\n\n[[package]]\nname = \"bad\"\n";
        let mut tree = Tree::of(&[("Cargo.lock", lock)]);
        tree.packages = [
            ("good", Some("MIT OR GPL-3.0-only")),
            ("bad", Some("MIT AND GPL-3.0-only")),
            ("silent", None),
            ("garbled", Some("MIT OR")),
        ]
        .map(|(name, licence)| Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
        })
        .into();
        let remedy =
            "use another library, or read the terms and allow them in xtask/src/tidy/licences.rs";
        let expected = [
            "Cargo.lock:5: bad 1.0.0 comes under `MIT AND GPL-3.0-only`",
            "Cargo.lock:1: silent 1.0.0 names no licence",
            "Cargo.lock:1: garbled 1.0.0 has a licence that can't be read, `MIT OR`: it ends where a licence is expected",
        ]
        .map(|what| format!("{what}; {remedy}"));
        assert_eq!(text(&check(&tree)), expected.join("\n"));
    }
}
