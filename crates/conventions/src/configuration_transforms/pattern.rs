//! Which transform a step means for which file: `Release`, `*.Foo.config => *.config` …
//!
//! The folders of a pattern count from any folder of the package: `config/Foo.xml => web.config`
//! holds for each `web.config` with a folder `config` next to it. Case never matters.

use std::fs;
use std::path::{Path, PathBuf};

/// One pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As the step gives it.
    text: String,
    meaning: Meaning,
}

#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    /// `X`: `<name>.X.config`, or `<name>.X`, for each `<name>.config`.
    Infix(String),
    /// `transform => target`
    Pair { transform: Name, target: Name },
    /// An arrow that lacks a side.
    Nothing,
}

/// A folder, and a file or `*.` and the end of its name; in lower case.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// With `/`; may be absolute, or go up by `..`.
    folder: String,
    /// The file's name, or what follows on `*`.
    file: String,
    is_wild: bool,
    /// Of an absolute path, as it is written.
    outside: Option<PathBuf>,
}

/// The files of a package by their paths in lower case.
pub(super) struct Files<'a> {
    root: &'a Path,
    files: Vec<(String, &'a Path)>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let meaning = match text.split_once("=>") {
            None => return Self::infix(text),
            Some((transform, target)) => {
                let (transform, target) = (Name::new(transform), Name::new(target));
                match transform.file.is_empty() || target.file.is_empty() {
                    true => Meaning::Nothing,
                    false => Meaning::Pair { transform, target },
                }
            }
        };
        let text = text.to_owned();
        Self { text, meaning }
    }

    /// `<name>.<infix>.config` for each `<name>.config`, whatever the infix holds.
    pub(super) fn infix(infix: &str) -> Self {
        Self {
            text: infix.to_owned(),
            meaning: Meaning::Infix(lower(infix)),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its transforms for a file, given relative to the package, in the order of their names.
    /// The file itself is none of them.
    pub(super) fn transforms(&self, target: &Path, files: &Files<'_>) -> Vec<PathBuf> {
        let target = key(target);
        let (folder, name) = split(&target);
        match &self.meaning {
            Meaning::Nothing => Vec::new(),
            Meaning::Infix(infix) => match name.strip_suffix(".config") {
                Some(base) => files.find(&target, folder, &with_default(base, infix)),
                None => Vec::new(),
            },
            Meaning::Pair {
                transform,
                target: wanted,
            } => {
                let (Some(base), Some(star)) = (wanted.base_of(folder), wanted.star_of(name))
                else {
                    return Vec::new();
                };
                let names = match (transform.is_wild, wanted.is_wild) {
                    (true, false) => Names::EndingWith(&transform.file),
                    (true, true) => with_default(star, &transform.file),
                    (false, _) => with_default("", &transform.file),
                };
                match &transform.outside {
                    Some(folder) => outside(folder, &names),
                    None => match join(base, &transform.folder) {
                        Some(folder) => files.find(&target, &folder, &names),
                        None => Vec::new(),
                    },
                }
            }
        }
    }
}

impl Name {
    fn new(text: &str) -> Self {
        let slashes = text.trim().replace('\\', "/");
        let (folder, file) = split(&slashes);
        let is_absolute = Path::new(&slashes).is_absolute();
        let wild = file.strip_prefix('*').filter(|rest| rest.starts_with('.'));
        Self {
            outside: is_absolute.then(|| PathBuf::from(folder)),
            folder: join("", &lower(folder)).unwrap_or_else(|| lower(folder)),
            file: lower(wild.unwrap_or(file)),
            is_wild: wild.is_some(),
        }
    }

    /// The folder from which the pattern counts, for a file in `folder`.
    fn base_of<'a>(&self, folder: &'a str) -> Option<&'a str> {
        if self.folder.is_empty() {
            return Some(folder);
        }
        let base = folder.strip_suffix(self.folder.as_str())?;
        match base.strip_suffix('/') {
            Some(base) => Some(base),
            None => base.is_empty().then_some(base),
        }
    }

    /// What the star stands for in a name; nothing where there is none.
    fn star_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        match self.is_wild {
            true => name
                .strip_suffix(self.file.as_str())
                .filter(|star| !star.is_empty()),
            false => (name == self.file).then_some(""),
        }
    }
}

enum Names<'a> {
    EndingWith(&'a str),
    OneOf([String; 2]),
}

impl Names<'_> {
    fn hold(&self, name: &str) -> bool {
        match self {
            Self::EndingWith(end) => name.len() > end.len() && name.ends_with(end),
            Self::OneOf(names) => names.iter().any(|one| one == name),
        }
    }
}

/// The name as it is given, or with the usual extension.
fn with_default(star: &str, rest: &str) -> Names<'static> {
    let dot = match star.is_empty() || rest.starts_with('.') {
        true => "",
        false => ".",
    };
    let name = format!("{star}{dot}{rest}");
    let longer = match name.ends_with(".config") {
        true => name.clone(),
        false => format!("{name}.config"),
    };
    Names::OneOf([longer, name])
}

impl<'a> Files<'a> {
    /// `files` are relative to `root`, and sorted.
    pub(super) fn new(root: &'a Path, files: &'a [PathBuf]) -> Self {
        let files = files.iter().map(PathBuf::as_path);
        let files = files.map(|file| (key(file), file));
        Self {
            root,
            files: files.collect(),
        }
    }

    fn find(&self, target: &str, folder: &str, names: &Names<'_>) -> Vec<PathBuf> {
        let found = self.files.iter().filter(|(path, _)| {
            let (in_folder, name) = split(path);
            in_folder == folder && path != target && names.hold(name)
        });
        found.map(|(_, file)| self.root.join(file)).collect()
    }
}

fn outside(folder: &Path, names: &Names<'_>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| names.hold(&key(Path::new(&entry.file_name()))));
    let mut found: Vec<_> = named.map(|entry| entry.path()).collect();
    found.retain(|path| path.is_file());
    found.sort();
    found
}

fn lower(text: &str) -> String {
    text.trim().replace('\\', "/").to_lowercase()
}

/// A path of the disk as patterns see it. Only Windows separates by `\\`.
fn key(path: &Path) -> String {
    let path = path.to_string_lossy().to_lowercase();
    match cfg!(windows) {
        true => path.replace('\\', "/"),
        false => path,
    }
}

/// The folder, without its last slash, and the name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `None` if it leads out of the package.
fn join(base: &str, folder: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(folder.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests;
