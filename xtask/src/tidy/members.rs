//! Every crate of the workspace takes from it what is the same for all, and its dependencies
//! from where everybody gets theirs.

use super::finding::Finding;
use super::manifest::{Entry, entries};
use super::tree::{Member, Origin, Tree, line_of};

/// Keys of `[package]` whose value stands in the root manifest alone.
const INHERITED: &[&str] = &["edition", "license", "publish", "rust-version", "version"];

/// A crate that repeats the lints, since one of them is another there: it has a folder of
/// unchecked code, and `forbid` can't be lifted.
const REPEATS: &str = "suction-cup";
const OTHER_LINT: (&str, &str) = ("unsafe_code", "\"deny\"");

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let root = entries(tree.text("Cargo.toml"));
    let mut findings = Vec::new();
    for member in &tree.members {
        let manifest = member.manifest();
        let text = tree.text(&manifest);
        let own = entries(text);
        for key in INHERITED {
            let inherits = format!("{key}.workspace");
            if !has(&own, "package", &inherits, "true") {
                findings.push(Finding::new(
                    &manifest,
                    line_of(text, key),
                    format!("`{key}` is not the workspace's"),
                    format!("write `{inherits} = true`"),
                ));
            }
        }
        findings.extend(lints(member, &own, &root));
        for dependency in &member.dependencies {
            if let Origin::Elsewhere(origin) = &dependency.origin {
                findings.push(Finding::new(
                    &manifest,
                    line_of(text, &dependency.name),
                    format!("`{}` comes from {origin}", dependency.name),
                    "use a release from crates.io",
                ));
            }
        }
    }
    findings
}

fn lints(member: &Member, own: &[Entry<'_>], root: &[Entry<'_>]) -> Vec<Finding> {
    if has(own, "lints", "workspace", "true") {
        return Vec::new();
    }
    let manifest = member.manifest();
    if member.name != REPEATS {
        return vec![Finding::new(
            &manifest,
            1,
            "the workspace's lints do not hold here",
            "add `[lints]` with `workspace = true`",
        )];
    }
    let mut findings = Vec::new();
    for lint in root {
        let Some(section) = lint.section.strip_prefix("workspace.") else {
            continue;
        };
        let value = match OTHER_LINT {
            (key, value) if key == lint.key => value,
            _ => lint.value,
        };
        if section.starts_with("lints.") && !has(own, section, lint.key, value) {
            findings.push(Finding::new(
                &manifest,
                1,
                format!("the lint `{}` does not hold here", lint.key),
                format!("repeat `{} = {value}` in `[{section}]`", lint.key),
            ));
        }
    }
    findings
}

fn has(entries: &[Entry<'_>], section: &str, key: &str, value: &str) -> bool {
    entries
        .iter()
        .any(|entry| entry.section == section && entry.key == key && entry.value == value)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::finding::text;
    use crate::tidy::tree::{Kind, Origin, Tree};

    const ROOT: &str = "[workspace.lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"forbid\"\n\n[workspace.lints.clippy]\npanic = \"warn\"\n";

    const PACKAGE: &str = "[package]\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\npublish.workspace = true\nrust-version.workspace = true\n";

    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn findings(name: &str, manifest: &str) -> String {
        let path = format!("crates/{name}/Cargo.toml");
        let tree = Tree::of(&[("Cargo.toml", ROOT), (&path, manifest)]).member(name, &[]);
        text(&check(&tree)).replace(&path, "M")
    }

    #[test]
    fn planted_manifests_are_found() {
        let repeated = "[lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"deny\"\n[lints.clippy]\npanic = \"warn\"\n";
        for (name, manifest, expected) in [
            ("api", format!("{PACKAGE}{LINTS}"), ""),
            (
                "api",
                format!("{PACKAGE}{LINTS}").replace(
                    "version.workspace = true\nedition",
                    "version = \"2.0.0\"\nedition",
                ),
                "M:2: `version` is not the workspace's; write `version.workspace = true`",
            ),
            (
                "api",
                format!("{PACKAGE}{LINTS}").replace("license.workspace = true\n", ""),
                "M:1: `license` is not the workspace's; write `license.workspace = true`",
            ),
            (
                "api",
                PACKAGE.to_owned(),
                "M:1: the workspace's lints do not hold here; add `[lints]` with `workspace = true`",
            ),
            (
                "api",
                format!("{PACKAGE}{repeated}"),
                "M:1: the workspace's lints do not hold here; add `[lints]` with `workspace = true`",
            ),
            ("suction-cup", format!("{PACKAGE}{repeated}"), ""),
            (
                "suction-cup",
                format!("{PACKAGE}{repeated}")
                    .replace("panic", "todo")
                    .replace("deny", "warn"),
                "M:1: the lint `unsafe_code` does not hold here; repeat `unsafe_code = \"deny\"` in `[lints.rust]`\nM:1: the lint `panic` does not hold here; repeat `panic = \"warn\"` in `[lints.clippy]`",
            ),
        ] {
            assert_eq!(findings(name, &manifest), expected, "{manifest}");
        }
    }

    #[test]
    fn planted_origins_are_found() {
        let manifest = format!("{PACKAGE}{LINTS}[dependencies]\nodd = {{ git = \"\" }}\n");
        let dependencies = [
            ("nupkg", Kind::Normal, Origin::Workspace),
            ("serde", Kind::Normal, Origin::CratesIo),
            (
                "odd",
                Kind::Development,
                Origin::Elsewhere("a fork".to_owned()),
            ),
        ];
        let tree = Tree::of(&[("Cargo.toml", ROOT), ("crates/api/Cargo.toml", &manifest)])
            .member("api", &dependencies);
        let expected =
            "crates/api/Cargo.toml:10: `odd` comes from a fork; use a release from crates.io";
        assert_eq!(text(&check(&tree)), expected);
    }
}
