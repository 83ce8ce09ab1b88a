//! Reads a [`Tree`] from git and cargo.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use cargo_metadata::{Metadata, MetadataCommand};

use super::{Dependency, Edges, Member, Origin, Package, Tree};
use crate::tidy::{pure, supervisor};

const LINUX: &str = "x86_64-unknown-linux-gnu";
const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// The tree around the current folder: what git tracks, and what it would track.
///
/// # Errors
///
/// When git or cargo fail, or a file can't be read.
pub(in crate::tidy) fn load() -> anyhow::Result<Tree> {
    let metadata = MetadataCommand::new()
        .exec()
        .context("cargo metadata failed")?;
    let root = metadata.workspace_root.as_std_path();
    let mut normal = BTreeMap::new();
    for name in pure::CRATES {
        normal.insert(
            (*name).to_owned(),
            normal_edges(root, name, &[LINUX, WINDOWS])?,
        );
    }
    let name = supervisor::CRATE;
    normal.insert(name.to_owned(), normal_edges(root, name, &[LINUX])?);
    Ok(Tree {
        files: files(root)?,
        packages: metadata
            .packages
            .iter()
            .map(|package| Package {
                name: package.name.to_string(),
                version: package.version.to_string(),
                licence: package.license.clone(),
            })
            .collect(),
        members: members(&metadata)?,
        normal,
    })
}

fn members(metadata: &Metadata) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for package in metadata.workspace_packages() {
        let folder = package
            .manifest_path
            .parent()
            .context("a manifest in no folder")?;
        let dependencies = package.dependencies.iter().map(|dependency| Dependency {
            name: dependency.name.clone(),
            kind: dependency.kind,
            origin: match (&dependency.source, &dependency.path) {
                (Some(source), _) if source.is_crates_io() => Origin::CratesIo,
                (Some(source), _) => Origin::Elsewhere(source.to_string()),
                (None, Some(path)) if path.starts_with(&metadata.workspace_root) => {
                    Origin::Workspace
                }
                (None, path) => {
                    Origin::Elsewhere(path.as_ref().map_or_else(String::new, ToString::to_string))
                }
            },
        });
        members.push(Member {
            name: package.name.to_string(),
            path: folder
                .strip_prefix(&metadata.workspace_root)?
                .as_str()
                .replace('\\', "/"),
            dependencies: dependencies.collect(),
        });
    }
    Ok(members)
}

fn files(root: &Path) -> anyhow::Result<BTreeMap<String, Option<String>>> {
    let list = output(Command::new("git").current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut files = BTreeMap::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let full = root.join(path);
        // Deleted but not yet committed, or a link: nothing to read.
        if !full.is_file() || full.is_symlink() {
            continue;
        }
        let bytes = std::fs::read(&full).with_context(|| format!("{path} can't be read"))?;
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'));
        files.insert(path.to_owned(), text);
    }
    Ok(files)
}

/// By `cargo tree`, not by the metadata, whose features are those of the whole workspace at once.
fn normal_edges(root: &Path, member: &str, platforms: &[&str]) -> anyhow::Result<Edges> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args([
        "tree",
        "--quiet",
        "--edges=normal",
        "--prefix=depth",
        "--format={p}",
        "--package",
        member,
    ]);
    for platform in platforms {
        command.args(["--target", platform]);
    }
    Ok(edges_of(&output(&mut command)?))
}

/// Reads lines as `1rustix v1.1.6 (*)`: depth, name and the rest.
fn edges_of(listing: &str) -> Edges {
    let mut edges = Edges::new();
    let mut above: Vec<&str> = Vec::new();
    for line in listing.lines() {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let depth = line.strip_suffix(rest).and_then(|depth| depth.parse().ok());
        let (Some(depth), Some(name)) = (depth, rest.split_whitespace().next()) else {
            continue;
        };
        above.truncate(depth);
        if let Some(parent) = above.last() {
            edges.insert(((*parent).to_owned(), name.to_owned()));
        }
        above.push(name);
    }
    edges
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{program} can't be started; is it installed?"))?;
    ensure!(
        output.status.success(),
        "{program} failed with {}; its message stands above",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::edges_of;
    use crate::tidy::tree::{Tree, edges};

    #[test]
    fn levels_of_a_listing_become_edges() {
        let listing = "0top v1.0.0 (/x/top)\n1left v2.0.0\n2deep v0.1.0 (proc-macro)\n1right v1.0.0\n2deep v0.1.0 (proc-macro) (*)\n";
        let expected = "top > left, left > deep, top > right, right > deep";
        assert_eq!(edges_of(listing), edges(expected));
    }

    #[test]
    fn a_folder_exists_by_its_files() {
        let tree = Tree::of(&[("docs/a.md", ""), ("docs-old/b.md", "")]);
        for (path, exists) in [
            ("docs", true),
            ("docs/", true),
            ("docs/a.md", true),
            ("doc", false),
            ("docs/b.md", false),
            ("", true),
        ] {
            assert_eq!(tree.exists(path), exists, "{path}");
        }
    }
}
