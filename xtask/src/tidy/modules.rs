//! Every Rust file says at its top what it is for, and is named after its module.

use super::finding::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let first = text.lines().next().unwrap_or_default();
        // A crate may open with its README.
        if !first.starts_with("//! ") && !first.starts_with("#![doc = include_str!(") {
            findings.push(Finding::new(
                path,
                1,
                "the file does not open with `//!`",
                "say there in one sentence what the module is for",
            ));
        }
        if path.rsplit('/').next() == Some("mod.rs") {
            findings.push(Finding::new(
                path,
                1,
                "a module in a file `mod.rs`",
                "name the file after the folder, and put it beside it",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    #[test]
    fn planted_modules_are_found() {
        let tree = Tree::of(&[
            ("a/src/good.rs", "//! Good.\n"),
            ("a/src/lib.rs", "#![doc = include_str!(\"../README.md\")]\n"),
            ("a/src/late.rs", "use x;\n//! Late.\n"),
            ("a/src/empty.rs", ""),
            ("a/src/nothing_said.rs", "//!\n"),
            ("a/tests/it/mod.rs", "//! Tests.\n"),
            ("a/notes.txt", "no Rust\n"),
        ]);
        let opening =
            "the file does not open with `//!`; say there in one sentence what the module is for";
        let expected = [
            format!("a/src/empty.rs:1: {opening}"),
            format!("a/src/late.rs:1: {opening}"),
            format!("a/src/nothing_said.rs:1: {opening}"),
            "a/tests/it/mod.rs:1: a module in a file `mod.rs`; name the file after the folder, and put it beside it".to_owned(),
        ];
        assert_eq!(text(&check(&tree)), expected.join("\n"));
    }
}
