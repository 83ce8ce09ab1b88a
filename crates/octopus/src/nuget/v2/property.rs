//! The properties of a package that lists can be narrowed and ordered by.

use std::cmp::Ordering;

use nupkg::NuGetVersion;

use crate::nuget::catalog::Entry;

/// Lists don't say when a hidden package was published, but this: 1900-01-01 UTC, in
/// milliseconds. Clients take it as the mark of hidden ones.
pub(in crate::nuget) const UNLISTED_AT: i64 = -2_208_988_800_000;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Id,
    Version,
    Title,
    Description,
    Tags,
    IsLatestVersion,
    IsAbsoluteLatestVersion,
    IsPrerelease,
    Listed,
    Published,
    Changed,
    DownloadCount,
    PackageSize,
}

use Property::*;

/// Their names; some have several.
const NAMES: &[(&str, Property)] = &[
    ("Id", Id),
    ("Version", Version),
    ("NormalizedVersion", Version),
    ("Title", Title),
    ("Description", Description),
    ("Tags", Tags),
    ("IsLatestVersion", IsLatestVersion),
    ("IsAbsoluteLatestVersion", IsAbsoluteLatestVersion),
    ("IsPrerelease", IsPrerelease),
    ("Listed", Listed),
    ("Published", Published),
    ("Created", Changed),
    ("LastUpdated", Changed),
    ("LastEdited", Changed),
    ("DownloadCount", DownloadCount),
    ("VersionDownloadCount", DownloadCount),
    ("PackageSize", PackageSize),
];

impl Property {
    /// By its name, in exact case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, property)| *property)
    }

    /// All names, for messages.
    pub(super) fn names() -> String {
        let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// Its value for one package.
    pub(super) fn of(self, entry: &Entry) -> Value<'_> {
        let package = &entry.package;
        match self {
            Id => Value::Text(&package.package_id),
            Version => Value::Version(&entry.version),
            Title => Value::Text(&package.title),
            Description => Value::Text(&package.description),
            Tags => Value::Text(&package.tags),
            IsLatestVersion => Value::Flag(entry.is_latest),
            IsAbsoluteLatestVersion => Value::Flag(entry.is_absolute_latest),
            IsPrerelease => Value::Flag(entry.version.is_prerelease()),
            Listed => Value::Flag(package.listed),
            Published if !package.listed => Value::Moment(UNLISTED_AT),
            Published | Changed => Value::Moment(package.published_at),
            // Downloads are not counted.
            DownloadCount => Value::Number(0),
            PackageSize => Value::Number(package.size),
        }
    }

    /// What its values can be compared with.
    pub(super) fn kind(self) -> Kind {
        match self {
            Id | Title | Description | Tags => Kind::Text,
            Version => Kind::Version,
            IsLatestVersion | IsAbsoluteLatestVersion | IsPrerelease | Listed => Kind::Flag,
            Published | Changed => Kind::Moment,
            DownloadCount | PackageSize => Kind::Number,
        }
    }
}

/// A value of a property or a literal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// Empty is the same as null: nuspecs don't tell them apart.
    Text(&'a str),
    Version(&'a NuGetVersion),
    Flag(bool),
    /// Milliseconds since 1970-01-01 UTC.
    Moment(i64),
    Number(i64),
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Version,
    Flag,
    Moment,
    Number,
}

impl Kind {
    /// For messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Version => "a version",
            Self::Flag => "true or false",
            Self::Moment => "a date",
            Self::Number => "a number",
        }
    }
}

impl Value<'_> {
    /// Texts without case, as the databases of other feeds compare them; values of different
    /// kinds have no order.
    pub(super) fn order(self, other: Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(one), Value::Text(other)) => Some(folded(one).cmp(folded(other))),
            (Value::Version(one), Value::Version(other)) => Some(one.cmp(other)),
            (Value::Flag(one), Value::Flag(other)) => Some(one.cmp(&other)),
            (Value::Moment(one), Value::Moment(other))
            | (Value::Number(one), Value::Number(other)) => Some(one.cmp(&other)),
            _ => None,
        }
    }
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}
