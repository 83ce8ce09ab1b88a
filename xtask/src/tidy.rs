//! Checks what a compiler can't.
//!
//! Each check is a function from a [`Tree`] to its [`Finding`]s, in a module of its own with the
//! rules as tables at the top. [`CHECKS`] names them all.

mod finding;
mod layers;
mod licences;
mod links;
mod manifest;
mod members;
mod modules;
mod own_words;
mod pure;
mod sizes;
mod supervisor;
mod tree;
mod unsafe_code;

use finding::Finding;
use tree::Tree;

const CHECKS: &[fn(&Tree) -> Vec<Finding>] = &[
    layers::check,
    licences::check,
    links::check,
    members::check,
    modules::check,
    own_words::check,
    pure::check,
    sizes::check,
    supervisor::check,
    unsafe_code::check,
];

/// Prints every finding of every check.
///
/// # Errors
///
/// When there are findings, or when git or cargo don't tell what is in the tree.
pub(crate) fn run() -> anyhow::Result<()> {
    let tree = tree::load()?;
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    println!("{}", sizes::summary(&tree));
    let found = findings.len();
    anyhow::ensure!(found == 0, "tidy found {found} to mend; see above");
    println!("tidy: {} checks, nothing to mend", CHECKS.len());
    Ok(())
}
