//! Code that the compiler does not check stands in one folder.

use super::finding::Finding;
use super::tree::Tree;

/// Where operating systems are called directly.
const HOME: &str = "crates/suction-cup/src/os/";

/// What follows the keyword.
const FOLLOWERS: [&str; 6] = ["{", "fn", "impl", "extern", "trait", "("];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !path.starts_with(HOME)) {
        for (index, line) in text.lines().enumerate() {
            if uses_keyword(line) {
                findings.push(Finding::new(
                    path,
                    index + 1,
                    "unchecked code",
                    format!("use a library that wraps the call, or move it to {HOME}"),
                ));
            }
        }
    }
    findings
}

fn uses_keyword(line: &str) -> bool {
    line.match_indices("unsafe").any(|(at, word)| {
        let (before, rest) = line.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        let is_word = !before.ends_with(|c: char| c == '_' || c.is_alphanumeric());
        let in_code = !before.contains("//") && before.matches('"').count() % 2 == 0;
        let follower = after.trim_start();
        // At the end of a line, a block follows on the next.
        let followed = after.is_empty() || FOLLOWERS.iter().any(|f| follower.starts_with(f));
        is_word && in_code && followed
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    #[test]
    fn planted_code_is_found_outside_its_folder() {
        let block = "//! x\nlet y = unsafe { x() };\n";
        let tree = Tree::of(&[
            ("crates/suction-cup/src/os/windows.rs", block),
            ("crates/suction-cup/src/os.rs", block),
            ("crates/a/src/f.rs", "//! x\npub unsafe fn f() {}\n"),
            ("crates/a/src/i.rs", "//! x\nunsafe impl Send for X {}\n"),
            ("crates/a/src/m.rs", "//! x\n#[unsafe(no_mangle)]\n"),
            (
                "crates/a/src/words.rs",
                "//! unsafe {\n// unsafe fn\nlet unsafe_path = is_unsafe(\"unsafe { }\");\n#![forbid(unsafe_code)]\n",
            ),
        ]);
        let expected = ["a/src/f.rs", "a/src/i.rs", "a/src/m.rs", "suction-cup/src/os.rs"].map(|path| {
            format!("crates/{path}:2: unchecked code; use a library that wraps the call, or move it to crates/suction-cup/src/os/")
        });
        assert_eq!(text(&check(&tree)), expected.join("\n"));
    }
}
