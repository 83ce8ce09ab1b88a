//! Links between the texts of the repository lead somewhere.

use super::finding::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.ends_with(".md")) {
        let mut in_code = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            if in_code {
                continue;
            }
            for target in targets(&without_code(line)) {
                if local(&target).is_some_and(|file| !leads(tree, path, file)) {
                    findings.push(Finding::new(
                        path,
                        index + 1,
                        format!("`{target}` is not in the repository"),
                        "mend the link; it is relative to this file's folder",
                    ));
                }
            }
        }
    }
    findings
}

/// The line without its `code`, which may show a link.
fn without_code(line: &str) -> String {
    // A span that is not closed is no code.
    let parts: Vec<&str> = line.split('`').collect();
    let closed = parts.len().saturating_sub(1) / 2 * 2;
    let outside = |index: &usize| index.is_multiple_of(2) || *index >= closed;
    let parts = parts.iter().enumerate();
    parts
        .filter(|(index, _)| outside(index))
        .map(|(_, part)| *part)
        .collect()
}

/// What stands in `](…)`, `]: …`, `src="…"` and `href="…"`.
fn targets(line: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for (opening, closing) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
        let after = line.split(opening).skip(1);
        targets.extend(after.filter_map(|rest| rest.split(closing).next()));
    }
    if line.starts_with('[') {
        targets.extend(line.split_once("]: ").map(|(_, target)| target));
    }
    targets
        .iter()
        // A title may follow.
        .filter_map(|target| target.split_whitespace().next())
        .map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect()
}

/// The path in a link to a file; none for other sites, for places in the same file, and for
/// names of Rust items, which rustdoc checks.
fn local(target: &str) -> Option<&str> {
    let file = target.split('#').next().unwrap_or_default();
    let elsewhere = file.is_empty() || file.contains("::") || file.contains("://");
    (!elsewhere && !file.starts_with("mailto:")).then_some(file)
}

fn leads(tree: &Tree, from: &str, file: &str) -> bool {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = match file.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            part => parts.push(part),
        }
    }
    tree.exists(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    #[test]
    fn planted_links_are_found() {
        for (line, dead) in [
            (
                "[a](other.md) [b](../README.md#top) [c](/docs) [d](img/)",
                "",
            ),
            ("[a](other.md \"a title\") ![p](<img/p.png>)", ""),
            ("<img src=\"img/p.png\"> [here](#below)", ""),
            ("[site](https://example.com/x) [mail](mailto:a@b.c)", ""),
            ("[item](crate::Archive) `[code](gone.md)`", ""),
            ("a [b](gone.md).", "gone.md"),
            ("`x` [b](../docs/gone.md#part) `y`", "../docs/gone.md#part"),
            ("an open ` and [b](gone.md)", "gone.md"),
            ("[up](../../README.md)", "../../README.md"),
            ("[reference]: gone.md", "gone.md"),
            ("<a href=\"gone.md\">x</a>", "gone.md"),
            ("![`code`](img/gone.png)", "img/gone.png"),
        ] {
            let page = format!("# T\n```\n[x](in-code.md)\n```\n{line}\n");
            let tree = Tree::of(&[
                ("README.md", ""),
                ("docs/page.md", &page),
                ("docs/other.md", ""),
                ("docs/img/p.png", ""),
                ("docs/code.rs", "[x](gone.md)"),
            ]);
            let expected = match dead {
                "" => String::new(),
                dead => format!(
                    "docs/page.md:5: `{dead}` is not in the repository; mend the link; it is relative to this file's folder"
                ),
            };
            assert_eq!(text(&check(&tree)), expected, "{line}");
        }
    }
}
