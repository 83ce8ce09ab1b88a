//! Which crate may use which: a new edge is a change of the architecture.

use super::finding::Finding;
use super::tree::{Kind, Origin, Tree, line_of};

/// The workspace's crates, and the others of them that each may depend on.
/// Tests may use any.
const MAY_USE: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("channel", &["wire"]),
    ("conductor", &["nupkg", "variables"]),
    (
        "conventions",
        &["layout", "nupkg", "transforms", "variables"],
    ),
    ("layout", &["nupkg"]),
    ("nupkg", &[]),
    (
        "octo",
        &[
            "api",
            "conventions",
            "layout",
            "nupkg",
            "octodiff",
            "transforms",
            "variables",
        ],
    ),
    ("octodiff", &[]),
    (
        "octopus",
        &[
            "api",
            "channel",
            "conductor",
            "conventions",
            "nupkg",
            "octodiff",
            "variables",
            "wire",
        ],
    ),
    ("suction-cup", &["layout", "nupkg"]),
    (
        "tentacle",
        &[
            "channel",
            "conventions",
            "layout",
            "nupkg",
            "variables",
            "wire",
        ],
    ),
    ("transforms", &["variables"]),
    ("variables", &[]),
    ("wire", &[]),
    ("xtask", &["nupkg"]),
];

/// Libraries that one crate alone may use directly, and why.
const OWNED: &[(&str, &str, &str)] = &[
    ("axum", "octopus", "the server alone answers HTTP"),
    (
        "rcgen",
        "channel",
        "keys and certificates stay in one crate",
    ),
    ("rustls", "channel", "TLS stays in one crate"),
    ("sqlx", "octopus", "the server alone has a database"),
    ("tokio-rustls", "channel", "TLS stays in one crate"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in &tree.members {
        let manifest = member.manifest();
        let text = tree.text(&manifest);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == member.name) else {
            findings.push(Finding::new(
                &manifest,
                1,
                format!("`{}` has no place among the layers", member.name),
                "add it to MAY_USE in xtask/src/tidy/layers.rs and to ARCHITECTURE.md",
            ));
            continue;
        };
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            if dependency.kind == Kind::Development {
                continue;
            }
            let line = line_of(text, name);
            if dependency.origin == Origin::Workspace && !allowed.contains(&name) {
                findings.push(Finding::new(
                    &manifest,
                    line,
                    format!("`{}` may not depend on `{name}`", member.name),
                    "pass a value in, or move the code to where both may see it",
                ));
            }
            let owner = OWNED.iter().find(|(library, ..)| *library == name);
            if let Some((_, owner, why)) = owner.filter(|(_, owner, _)| *owner != member.name) {
                findings.push(Finding::new(
                    &manifest,
                    line,
                    format!("`{name}` belongs to `{owner}`: {why}"),
                    format!("let `{owner}` offer what is needed"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::{Kind, Origin, Tree};

    #[test]
    fn planted_edges_are_found() {
        let manifest = "[dependencies]\nchannel.workspace = true\nrustls.workspace = true\n";
        let tree = Tree::of(&[("crates/octo/Cargo.toml", manifest)])
            .member(
                "octo",
                &[
                    ("api", Kind::Normal, Origin::Workspace),
                    ("channel", Kind::Normal, Origin::Workspace),
                    ("rustls", Kind::Normal, Origin::CratesIo),
                    ("octopus", Kind::Development, Origin::Workspace),
                    ("axum", Kind::Development, Origin::CratesIo),
                ],
            )
            .member("channel", &[("rustls", Kind::Normal, Origin::CratesIo)])
            .member("wire", &[("sqlx", Kind::Build, Origin::CratesIo)])
            .member("squid", &[]);
        let expected = "\
crates/octo/Cargo.toml:2: `octo` may not depend on `channel`; pass a value in, or move the code to where both may see it
crates/octo/Cargo.toml:3: `rustls` belongs to `channel`: TLS stays in one crate; let `channel` offer what is needed
crates/wire/Cargo.toml:1: `sqlx` belongs to `octopus`: the server alone has a database; let `octopus` offer what is needed
crates/squid/Cargo.toml:1: `squid` has no place among the layers; add it to MAY_USE in xtask/src/tidy/layers.rs and to ARCHITECTURE.md";
        assert_eq!(text(&check(&tree)), expected);
    }
}
