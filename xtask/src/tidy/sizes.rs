//! Rust files stay small enough to be read in one go.

use super::finding::Finding;
use super::tree::Tree;

/// Lines of the longest file.
const LONGEST: usize = 400;

/// Lines that half of the files don't exceed.
const MEDIAN: usize = 150;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let sizes = sizes(tree);
    let mut findings: Vec<Finding> = sizes
        .iter()
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| {
            Finding::new(
                path,
                LONGEST + 1,
                format!("{lines} lines, more than {LONGEST}"),
                "split it where its subject changes",
            )
        })
        .collect();
    let median = median(&sizes);
    if median > MEDIAN {
        findings.push(Finding::new(
            "Cargo.toml",
            1,
            format!("half of the Rust files have more than {MEDIAN} lines, the median is {median}"),
            "split those that do several things",
        ));
    }
    findings
}

/// One line for people.
pub(super) fn summary(tree: &Tree) -> String {
    let sizes = sizes(tree);
    let longest = sizes.last();
    let (lines, path) = longest.map_or((0, "none"), |(lines, path)| (*lines, *path));
    format!(
        "{} Rust files, median {} lines, longest {lines}: {path}",
        sizes.len(),
        median(&sizes)
    )
}

/// Lines and path of every Rust file, the longest last.
fn sizes(tree: &Tree) -> Vec<(usize, &str)> {
    let mut sizes: Vec<_> = tree
        .rust()
        .map(|(path, text)| (text.lines().count(), path))
        .collect();
    sizes.sort_unstable();
    sizes
}

fn median(sizes: &[(usize, &str)]) -> usize {
    sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines)
}

#[cfg(test)]
mod tests {
    use super::{check, summary};
    use crate::tidy::finding::text;
    use crate::tidy::tree::Tree;

    fn tree(sizes: &[usize]) -> Tree {
        let files: Vec<(String, String)> = sizes
            .iter()
            .map(|lines| (format!("f{lines}.rs"), "//! x\n".repeat(*lines)))
            .collect();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        Tree::of(&files)
    }

    #[test]
    fn planted_sizes_are_found() {
        let long = "f401.rs:401: 401 lines, more than 400; split it where its subject changes";
        let median = "Cargo.toml:1: half of the Rust files have more than 150 lines, the median is 151; split those that do several things";
        for (sizes, expected) in [
            (vec![], String::new()),
            (vec![1, 150, 400], String::new()),
            (vec![1, 2, 401], long.to_owned()),
            (vec![1, 151, 152], median.to_owned()),
            (vec![1, 151, 401], format!("{long}\n{median}")),
        ] {
            assert_eq!(text(&check(&tree(&sizes))), expected, "{sizes:?}");
        }
    }

    #[test]
    fn the_summary_names_the_longest() {
        let expected = "3 Rust files, median 2 lines, longest 3: f3.rs";
        assert_eq!(summary(&tree(&[1, 2, 3])), expected);
    }
}
