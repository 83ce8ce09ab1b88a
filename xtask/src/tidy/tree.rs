//! What the checks look at: the files of the project, and its packages as cargo resolves them.

mod load;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use cargo_metadata::DependencyKind as Kind;
pub(super) use load::load;

/// The working tree, read once. Paths are relative to its top, with `/`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Text by path; none for what is not text.
    pub(super) files: BTreeMap<String, Option<String>>,
    /// Every package that the lock file may bring in, on any platform.
    pub(super) packages: Vec<Package>,
    /// The workspace's own packages.
    pub(super) members: Vec<Member>,
    /// What becomes part of some members, through all levels: of the pure ones on Linux and
    /// Windows, of the supervisor on Linux.
    pub(super) normal: BTreeMap<String, Edges>,
}

/// Pairs of package names: who depends, on what.
pub(super) type Edges = BTreeSet<(String, String)>;

/// A package and the terms under which it comes.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// As an SPDX expression.
    pub(super) licence: Option<String>,
}

/// A package of the workspace.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Of its folder.
    pub(super) path: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// A line of a member's manifest.
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) origin: Origin,
}

/// Where a dependency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Workspace,
    CratesIo,
    Elsewhere(String),
}

impl Tree {
    /// Path and text of every text file.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Path and text of every Rust file.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// Text of one file; empty when it is missing.
    pub(super) fn text(&self, path: &str) -> &str {
        self.files
            .get(path)
            .and_then(Option::as_deref)
            .unwrap_or_default()
    }

    /// Whether there is a file, or a folder with files, at `path`.
    pub(super) fn exists(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(next, _)| next.starts_with(&folder))
    }
}

impl Member {
    /// Path of its `Cargo.toml`.
    pub(super) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.path)
    }
}

/// The first line, from 1, that starts with `start` as a whole word; 1 when there is none.
pub(super) fn line_of(text: &str, start: &str) -> usize {
    let begins = |line: &str| {
        let rest = line.strip_prefix(start);
        rest.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || "-_".contains(c))
        })
    };
    text.lines().position(begins).map_or(1, |index| index + 1)
}

#[cfg(test)]
impl Tree {
    /// A tree of these files.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned())));
        Self {
            files: files.collect(),
            ..Self::default()
        }
    }

    /// With a member in `crates/` that has these dependencies.
    pub(super) fn member(mut self, name: &str, dependencies: &[(&str, Kind, Origin)]) -> Self {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind, origin)| Dependency {
                name: (*name).to_owned(),
                kind: *kind,
                origin: origin.clone(),
            })
            .collect();
        self.members.push(Member {
            name: name.to_owned(),
            path: format!("crates/{name}"),
            dependencies,
        });
        self
    }
}

/// `a > b, b > c` as edges.
#[cfg(test)]
pub(super) fn edges(text: &str) -> Edges {
    text.split(',')
        .filter_map(|edge| edge.split_once('>'))
        .map(|(from, to)| (from.trim().to_owned(), to.trim().to_owned()))
        .collect()
}
