//! One package as registrations and searches tell of it.

use nupkg::{License, Nuspec};
use serde_json::{Map, Value, json};

use crate::{
    nuget::{
        address::{Base, lower},
        catalog::Entry,
        v2::property::UNLISTED_AT,
    },
    rest::convert,
};

/// A registration hive: the packages that one kind of clients can read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hive {
    /// Whether these clients know SemVer 2.
    pub(super) semver2: bool,
}

impl Hive {
    pub(super) fn new(semver2: bool) -> Self {
        Self { semver2 }
    }

    /// The address below `/nuget/v3/`.
    fn path(self) -> &'static str {
        match self.semver2 {
            true => "registration-semver2",
            false => "registration",
        }
    }

    /// The registration's index of a package.
    pub(super) fn index(self, base: &Base, id: &str) -> String {
        format!("{base}/nuget/v3/{}/{}/index.json", self.path(), lower(id))
    }

    /// The page that begins with a version.
    pub(super) fn page(self, base: &Base, first: &Entry) -> String {
        let (id, version) = (
            lower(&first.package.package_id),
            lower(&first.package.version),
        );
        format!("{base}/nuget/v3/{}/{id}/page/{version}.json", self.path())
    }

    /// One version.
    pub(super) fn leaf(self, base: &Base, entry: &Entry) -> String {
        let (id, version) = (
            lower(&entry.package.package_id),
            lower(&entry.package.version),
        );
        format!("{base}/nuget/v3/{}/{id}/{version}.json", self.path())
    }
}

/// When it was published; hidden ones in the year 1900, as the protocol has it.
pub(super) fn published(entry: &Entry) -> String {
    convert::time(match entry.package.listed {
        true => entry.package.published_at,
        false => UNLISTED_AT,
    })
}

/// What the nuspec says, under the protocol's names; what it does not say is left out.
pub(super) fn described(entry: &Entry, nuspec: &Nuspec) -> Map<String, Value> {
    let texts = [
        ("title", &nuspec.title),
        ("description", &nuspec.description),
        ("summary", &nuspec.summary),
        ("iconUrl", &nuspec.icon_url),
        ("licenseUrl", &nuspec.license_url),
        ("projectUrl", &nuspec.project_url),
        ("language", &nuspec.language),
    ];
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(entry.package.package_id));
    fields.insert("version".to_owned(), json!(nuspec.version.to_full()));
    fields.insert("authors".to_owned(), json!(nuspec.authors.join(", ")));
    for (name, text) in texts {
        if let Some(text) = text {
            fields.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(License::Expression(expression)) = &nuspec.license {
        fields.insert("licenseExpression".to_owned(), json!(expression));
    }
    fields.insert("tags".to_owned(), json!(nuspec.tags));
    fields
}
