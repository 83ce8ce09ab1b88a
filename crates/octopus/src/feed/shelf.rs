//! The feed in memory, in the order of lists: what ten thousand packages are called is small,
//! and reading it from the database for each list is not.
//!
//! Before each list the feed's revision is asked for, and only what has changed since is read;
//! so several servers on one database see each other's pushes. Requests that wait for the same
//! question share its answer. Downloads, of which thousands come within a moment, take what was
//! known within the last second.

use std::{sync::Arc, time::Instant};

use nupkg::NuGetVersion;
use tokio::sync::Mutex;

use crate::{
    recent::AGE,
    store::{Result, Store, packages::Package},
};

/// One version of a package, with what it is sorted by.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) package: Package,
    pub(crate) version: NuGetVersion,
    /// The id in lower case: ids differ by more than case.
    pub(crate) key: String,
}

impl Item {
    /// `None` when the version is none, which no package in the feed has.
    pub(crate) fn new(package: Package) -> Option<Self> {
        Some(Self {
            version: package.version.parse().ok()?,
            key: package.package_id.to_lowercase(),
            package,
        })
    }

    fn order(&self) -> (&str, &NuGetVersion) {
        (&self.key, &self.version)
    }
}

/// All packages at a moment, by id, within an id the oldest version first.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    items: Vec<Arc<Item>>,
    /// `None`: nothing was read yet.
    revision: Option<i64>,
}

impl Shelf {
    /// Every version of every package.
    pub(crate) fn all(&self) -> &[Arc<Item>] {
        &self.items
    }

    /// Every version of the packages whose ids begin so, in any case.
    pub(crate) fn beginning(&self, prefix: &str) -> &[Arc<Item>] {
        let prefix = prefix.to_lowercase();
        let start = self
            .items
            .partition_point(|item| item.key.as_str() < prefix.as_str());
        let from = self.items.get(start..).unwrap_or_default();
        let end = from.partition_point(|item| item.key.starts_with(&prefix));
        from.get(..end).unwrap_or_default()
    }

    /// Every version of one package.
    pub(crate) fn of(&self, id: &str) -> &[Arc<Item>] {
        let longer = self.beginning(id);
        let length = id.to_lowercase().len();
        let end = longer.partition_point(|item| item.key.len() == length);
        longer.get(..end).unwrap_or_default()
    }

    /// One version.
    pub(crate) fn one(&self, id: &str, version: &NuGetVersion) -> Option<&Arc<Item>> {
        let versions = self.of(id);
        let at = versions.binary_search_by(|item| item.version.cmp(version));
        versions.get(at.ok()?)
    }

    /// All packages by id, within an id the newest version first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Arc<Item>> {
        let packages = self.items.chunk_by(|one, other| one.key == other.key);
        packages.flat_map(|versions| versions.iter().rev())
    }

    /// The same with these rows in place of those of the same ids and versions.
    fn with(&self, rows: Vec<Package>) -> Vec<Arc<Item>> {
        let mut items: Vec<Arc<Item>> = rows
            .into_iter()
            .filter_map(Item::new)
            .map(Arc::new)
            .collect();
        items.extend(self.items.iter().cloned());
        // Stable: what was read just now stands before what was known.
        items.sort_by(|one, other| one.order().cmp(&other.order()));
        items.dedup_by(|later, kept| later.order() == kept.order());
        items
    }
}

/// Keeps the shelf of this server up to date.
#[derive(Debug, Default)]
pub(crate) struct Shelves(Mutex<Latest>);

#[derive(Debug, Default)]
struct Latest {
    shelf: Arc<Shelf>,
    /// When it was last asked for whether it is up to date.
    asked: Option<Instant>,
    /// How often this server had changed the feed then.
    changes: u64,
}

impl Shelves {
    /// The feed with all that this server has done to it, but for what others did within the
    /// last second.
    pub(crate) async fn lately(&self, store: &Store) -> Result<Arc<Shelf>> {
        {
            let latest = self.0.lock().await;
            let is_young = latest.asked.is_some_and(|asked| asked.elapsed() < AGE);
            if is_young && latest.changes == store.feed_changes() {
                return Ok(Arc::clone(&latest.shelf));
            }
        }
        self.now(store).await
    }

    /// The feed as it is now.
    pub(crate) async fn now(&self, store: &Store) -> Result<Arc<Shelf>> {
        let called = Instant::now();
        // One reads, the others wait for what it finds.
        let mut latest = self.0.lock().await;
        if latest.asked.is_some_and(|asked| asked >= called) {
            return Ok(Arc::clone(&latest.shelf));
        }
        let (asked, changes) = (Instant::now(), store.feed_changes());
        let now = store.feed_revision().await?;
        let shelf = &mut latest.shelf;
        if shelf.revision != Some(now.revision) {
            let items = match shelf.revision {
                Some(known) if known >= now.removed_at => {
                    shelf.with(store.packages_since(known).await?)
                }
                _ => Shelf::default().with(store.packages().await?),
            };
            *shelf = Arc::new(Shelf {
                items,
                revision: Some(now.revision),
            });
        }
        let shelf = Arc::clone(shelf);
        latest.asked = Some(asked);
        latest.changes = changes;
        Ok(shelf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(package_id: &str, version: &str, id: i64) -> Package {
        Package {
            id,
            package_id: package_id.to_owned(),
            version: version.to_owned(),
            title: String::new(),
            description: String::new(),
            tags: String::new(),
            file_name: String::new(),
            sha256: String::new(),
            size: 1,
            published_at: 0,
            listed: true,
            semver2: false,
        }
    }

    fn shelf(packages: &[(&str, &str)]) -> Shelf {
        let rows = packages.iter().map(|(id, version)| package(id, version, 1));
        Shelf {
            items: Shelf::default().with(rows.collect()),
            revision: None,
        }
    }

    fn shown(items: &[Arc<Item>]) -> String {
        let names = items.iter().map(|item| {
            let package = &item.package;
            format!("{} {} {}", package.package_id, package.version, package.id)
        });
        names.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn packages_are_found_by_id_in_any_case() {
        let shelf = shelf(&[
            ("Acme.Web.Api", "1.0.0"),
            ("acme.web", "1.10.0"),
            ("Acme.Web", "1.9.0"),
            ("Acme.We", "1.0.0"),
            ("Acme-Web", "1.0.0"),
        ]);
        assert_eq!(
            shown(shelf.of("ACME.web")),
            "Acme.Web 1.9.0 1, acme.web 1.10.0 1"
        );
        assert_eq!(shown(shelf.of("Acme.W")), "");
        assert_eq!(shown(shelf.of("Acme.Web.Apis")), "");
        assert_eq!(shelf.beginning("acme.web").len(), 3);
        assert_eq!(shelf.beginning("").len(), 5);
        let version = |text: &str| text.parse().unwrap();
        assert!(shelf.one("Acme.Web", &version("1.9")).is_some());
        assert!(shelf.one("Acme.Web", &version("1.9.1")).is_none());
    }

    #[test]
    fn what_changed_takes_the_place_of_what_was_known() {
        let known = shelf(&[("Acme.Web", "1.0.0"), ("Acme.Web", "2.0.0")]);
        let rows = vec![
            package("acme.web", "2.0", 7),
            package("Acme.Api", "1.0.0", 8),
        ];
        let now = known.with(rows);
        assert_eq!(
            shown(&now),
            "Acme.Api 1.0.0 8, Acme.Web 1.0.0 1, acme.web 2.0 7"
        );
    }
}
