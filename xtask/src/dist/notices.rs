//! The licences of all that is in a program, which have to go with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use anyhow::Context;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};

use crate::programs::repository;

/// What files with a licence are called, by their beginnings.
const NAMES: &[&str] = &[
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];

/// What is in a program beside the crates.
const BASE: &str = "\
The Rust standard library: MIT OR Apache-2.0. Copyright (c) The Rust Project Contributors.
The C library musl, in static programs: MIT. Copyright (c) 2005-2020 Rich Felker, et al.
";

/// The licences of what `crates` of this workspace are made of, for a target.
pub(super) fn of(crates: &[&str], target: &str) -> anyhow::Result<String> {
    let metadata = MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .other_options(vec![format!("--filter-platform={target}")])
        .exec()
        .context("cargo metadata")?;
    let crates_named = crates.join(" and ");
    let mut text = format!("What {crates_named} contain, and under which licences.\n\n{BASE}");
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for package in parts(&metadata, crates)? {
        let licence = package.license.as_deref().unwrap_or("see below");
        writeln!(text, "{} {}: {licence}", package.name, package.version)?;
        for licence in licence_texts(package)? {
            texts.entry(licence).or_default().push(&package.name);
        }
    }
    for (licence, users) in &texts {
        let (line, users) = ("-".repeat(78), users.join(", "));
        write!(text, "\n{line}\n{users}:\n\n{licence}\n")?;
    }
    Ok(text)
}

/// The crates of others that end in a program, by name.
fn parts<'a>(metadata: &'a Metadata, crates: &[&str]) -> anyhow::Result<Vec<&'a Package>> {
    let resolve = metadata.resolve.as_ref();
    let nodes = resolve.context("cargo resolves nothing")?.nodes.iter();
    let edges: BTreeMap<&PackageId, _> = nodes.map(|node| (&node.id, &node.deps)).collect();
    let all = metadata.packages.iter();
    let packages: BTreeMap<&PackageId, &Package> =
        all.clone().map(|package| (&package.id, package)).collect();
    let mut ahead: Vec<&PackageId> = all
        .filter(|package| package.source.is_none() && crates.contains(&package.name.as_str()))
        .map(|package| &package.id)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = ahead.pop() {
        if packages.get(id).is_some_and(|package| is_macro(package)) || !seen.insert(id) {
            continue;
        }
        let edges = edges.get(id).into_iter().copied().flatten();
        ahead.extend(edges.filter_map(|edge| {
            let mut kinds = edge.dep_kinds.iter();
            let ends_there = kinds.any(|kind| kind.kind == DependencyKind::Normal);
            ends_there.then_some(&edge.pkg)
        }));
    }
    let found = seen.into_iter().filter_map(|id| packages.get(id).copied());
    let mut found: Vec<&Package> = found.filter(|package| package.source.is_some()).collect();
    found.sort_by_key(|package| (&package.name, &package.version));
    Ok(found)
}

/// It runs in the compiler alone.
fn is_macro(package: &Package) -> bool {
    let mut targets = package.targets.iter();
    targets.any(|target| target.kind.contains(&TargetKind::ProcMacro))
}

fn licence_texts(package: &Package) -> anyhow::Result<Vec<String>> {
    let folder = package.manifest_path.with_file_name("");
    let mut texts = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if NAMES.iter().any(|start| name.starts_with(start)) && entry.file_type()?.is_file() {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            texts.push(text.replace("\r\n", "\n").trim().to_owned());
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_is_in_the_program_is_named_and_what_builds_it_is_not() {
        let notices = of(&["suction-cup"], "x86_64-unknown-linux-gnu").unwrap();
        let (list, texts) = notices.split_once("\n---").unwrap();
        assert!(list.contains("\nflate2 "), "{list}");
        assert!(!list.contains("\nthiserror-impl "), "{list}");
        assert!(!list.contains("\nnupkg "), "{list}");
        assert!(texts.contains("Permission is hereby granted"), "{texts}");
    }
}
