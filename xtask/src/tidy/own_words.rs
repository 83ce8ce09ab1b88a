//! The project speaks of itself alone, and of what is done: no path of the machine that somebody
//! worked on, no host that a build happened to download from, no mark of unfinished work.

use super::finding::Finding;
use super::tree::Tree;

/// Folders that a path of somebody's machine starts with.
// Cut in two, so that this file does not find itself.
const MACHINE: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
];

/// Hosts of package registries; packages are named, not where they come from.
const REGISTRIES: &[&str] = &[
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("proxy.gol", "ang.org"),
    concat!("pyp", "i.org"),
    concat!("pythonho", "sted.org"),
    concat!("registry.np", "mjs.org"),
    concat!("registry.ya", "rnpkg.com"),
    concat!("deb.deb", "ian.org"),
    concat!("code", "artifact"),
    concat!("jfr", "og.io"),
];

const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
];

/// What may stand before an absolute path; after anything else, `/` continues a path.
const OPENERS: &[char] = &['"', '\'', '`', '(', '[', '<', '=', ',', ':', ';', '|'];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| *path != "Cargo.lock") {
        for (index, line) in text.lines().enumerate() {
            let mut find = |what: String, remedy: &str| {
                findings.push(Finding::new(path, index + 1, what, remedy));
            };
            for start in MACHINE.iter().filter(|start| names_path(line, start)) {
                find(
                    format!("a path under `{start}`, of one machine"),
                    "write a path in the repository, or an example as `/srv/octopus`",
                );
            }
            for host in REGISTRIES.iter().filter(|host| line.contains(**host)) {
                find(
                    format!("`{host}`, which is one place of several"),
                    "name the package and its client",
                );
            }
            for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
                find(format!("`{mark}`"), "do it now, or leave it out");
            }
        }
    }
    findings
}

fn names_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line.split_at(at).0.chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || OPENERS.contains(&c))
    })
}

fn has_word(line: &str, word: &str) -> bool {
    let in_word = |c: char| c == '_' || c.is_alphanumeric();
    line.match_indices(word).any(|(at, _)| {
        let (before, rest) = line.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        !before.ends_with(in_word) && (!word.ends_with(in_word) || !after.starts_with(in_word))
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    /// Lines with a `~` where they were cut, and what is found in each.
    #[test]
    fn planted_words_are_found() {
        for (line, found) in [
            (
                "see /ho~me/ann/notes",
                "a path under `/ho~me/`, of one machine",
            ),
            ("\"/wo~rk/x\"", "a path under `/wo~rk/`, of one machine"),
            ("/ro~ot/.ssh", "a path under `/ro~ot/`, of one machine"),
            ("(/Us~ers/ann)", "a path under `/Us~ers/`, of one machine"),
            ("HOME/wo~rk/<ticket>, $X/wo~rk/a, a/ho~me/, {x}/ro~ot/", ""),
            ("/wo~rkshop /homes /rooted", ""),
            (
                "https://registry.np~mjs.org/x",
                "`registry.np~mjs.org`, which is one place of several",
            ),
            ("a release from crates.io", ""),
            ("// TO~DO: more", "`TO~DO`"),
            ("x(); // FIX~ME", "`FIX~ME`"),
            ("    to~do!(\"later\")", "`to~do!(`"),
            ("unimple~mented!()", "`unimple~mented!(`"),
            ("#[ig~nore = \"slow\"]", "`#[ig~nore`"),
            ("TO~DOS, mastodon, x_TO~DO, auto~do!(", ""),
        ] {
            let (line, found) = (line.replace('~', ""), found.replace('~', ""));
            let tree = Tree::of(&[("Cargo.lock", &line), ("a.md", &format!("\n{line}\n"))]);
            let findings = text(&check(&tree));
            let said = findings.split(';').next().unwrap_or_default();
            let expected = match found.as_str() {
                "" => String::new(),
                found => format!("a.md:2: {found}"),
            };
            assert_eq!(said, expected, "{line}");
        }
    }
}
