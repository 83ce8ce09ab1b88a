//! The feed's packages as NuGet's lists order and mark them.

use std::{ops::Deref, sync::Arc};

use crate::feed::shelf::Item;

/// One version of a package among its others.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    item: Arc<Item>,
    /// The newest listed release.
    pub(super) is_latest: bool,
    /// The newest listed version, prereleases included.
    pub(super) is_absolute_latest: bool,
}

impl Deref for Entry {
    type Target = Item;

    fn deref(&self) -> &Item {
        &self.item
    }
}

/// Which packages a client can read, and wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// `semVerLevel=2.0.0`: without it, versions of SemVer 2 are kept from old clients.
    pub(super) semver2: bool,
    /// Prereleases too.
    pub(super) prerelease: bool,
    /// Hidden versions too.
    pub(super) unlisted: bool,
}

impl Reach {
    /// Everything that there is.
    pub(super) const ALL: Self = Self {
        semver2: true,
        prerelease: true,
        unlisted: true,
    };
}

/// What of these packages is NuGet's and in reach; they stand by id, within an id the oldest first.
pub(super) fn entries(items: &[Arc<Item>], reach: Reach) -> Vec<Entry> {
    let seen = |item: &&Arc<Item>| {
        // NuGet clients know no other archives.
        item.package.file_name.ends_with(".nupkg")
            && (reach.semver2 || !item.package.semver2)
            && (reach.prerelease || !item.version.is_prerelease())
            && (reach.unlisted || item.package.listed)
    };
    let entry = |item: &Arc<Item>| Entry {
        item: item.clone(),
        is_latest: false,
        is_absolute_latest: false,
    };
    let mut entries: Vec<Entry> = items.iter().filter(seen).map(entry).collect();
    for versions in entries.chunk_by_mut(is_same_id) {
        let listed = |entry: &&mut Entry| entry.package.listed;
        if let Some(newest) = versions.iter_mut().rfind(listed) {
            newest.is_absolute_latest = true;
        }
        let release = |entry: &&mut Entry| listed(entry) && !entry.version.is_prerelease();
        if let Some(newest) = versions.iter_mut().rfind(release) {
            newest.is_latest = true;
        }
    }
    entries
}

/// Whether both are versions of one package.
pub(super) fn is_same_id(one: &Entry, other: &Entry) -> bool {
    one.key == other.key
}

impl Entry {
    /// Whether every word occurs in what people search: id, title, description or tags.
    /// The words are in lower case.
    pub(super) fn matches(&self, words: &[String]) -> bool {
        let package = &self.package;
        let texts = [
            &package.package_id,
            &package.title,
            &package.description,
            &package.tags,
        ];
        let texts = texts.map(|text| text.to_lowercase());
        words
            .iter()
            .all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

/// The words of a search, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}
