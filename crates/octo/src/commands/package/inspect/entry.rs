//! One entry of a package, as people and programs see it.

use nupkg::{Entry, EntryKind};
use serde::Serialize;

use crate::output::{Cell, Tone, size};

/// An entry.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Row {
    path: String,
    kind: Kind,
    link_target: Option<String>,
    size_bytes: u64,
    /// Octal; `None` when the package was made where files have none.
    mode: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
enum Kind {
    File,
    Folder,
    Link,
    /// Of another file in the package.
    Copy,
    /// A part of the NuGet format, which is not extracted.
    Packaging,
}

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        let (kind, link_target) = match &entry.kind {
            _ if entry.packaging => (Kind::Packaging, None),
            EntryKind::File => (Kind::File, None),
            EntryKind::HardLink { target } => (Kind::Copy, Some(target.clone())),
            EntryKind::Directory => (Kind::Folder, None),
            EntryKind::Symlink { target } => (Kind::Link, Some(target.clone())),
        };
        Self {
            path: entry.path.clone(),
            kind,
            link_target,
            size_bytes: entry.size,
            mode: entry.mode.map(|mode| format!("{mode:03o}")),
        }
    }
}

impl Row {
    /// Its path in the package.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Its path, if it is something that an extraction leaves in the folder and that is no folder.
    pub(super) fn content_file(&self) -> Option<&str> {
        matches!(self.kind, Kind::File | Kind::Link | Kind::Copy).then_some(&self.path)
    }

    /// Its columns.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let kind = match (self.kind, &self.link_target) {
            (Kind::Link, Some(target)) => format!("link to {target}"),
            (Kind::Link, None) => "link".to_owned(),
            (Kind::Copy, target) => format!("copy of {}", target.as_deref().unwrap_or_default()),
            (Kind::File, _) => "file".to_owned(),
            (Kind::Folder, _) => "folder".to_owned(),
            (Kind::Packaging, _) => "packaging".to_owned(),
        };
        let tone = match self.kind {
            Kind::Packaging => Tone::Faint,
            _ => Tone::Plain,
        };
        let size = match self.kind {
            Kind::Folder => String::new(),
            _ => size(self.size_bytes),
        };
        vec![
            Cell::from(&self.path).tone(tone),
            Cell::from(size).right().tone(tone),
            Cell::from(self.mode.as_deref().unwrap_or_default()).tone(tone),
            Cell::from(kind).tone(tone),
        ]
    }
}
