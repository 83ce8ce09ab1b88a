//! Answers in Atom.

use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use nupkg::Nuspec;

use super::{
    page::Page,
    property::{Property, UNLISTED_AT, Value},
};
use crate::{
    app::App,
    error::ApiError,
    nuget::{address::escape, catalog, manifest},
};

/// The service document; `root` is the source's address without a slash at its end.
#[derive(Template)]
#[template(path = "nuget/service.xml")]
pub(super) struct Service {
    pub(super) root: String,
}

#[derive(Template)]
#[template(path = "nuget/feed.xml")]
struct Feed<'a> {
    root: &'a str,
    own: &'a str,
    updated: Timestamp,
    count: Option<usize>,
    entries: Vec<Entry>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "nuget/entry.xml")]
struct Single<'a> {
    root: &'a str,
    entry: Entry,
}

/// A package as the templates show it.
struct Entry {
    id: String,
    version: String,
    normalized: String,
    /// `Packages(Id='…',Version='…')`.
    key: String,
    /// Where the archive is.
    content: String,
    authors: String,
    dependencies: String,
    /// SHA-256 in base 64.
    hash: String,
    size: i64,
    changed: String,
    published: String,
    listed: bool,
    is_latest: bool,
    is_absolute_latest: bool,
    is_prerelease: bool,
    nuspec: Nuspec,
}

/// A page of packages.
pub(super) async fn page(
    app: &App,
    root: &str,
    own: &str,
    page: Page,
    counted: bool,
) -> Result<Response, ApiError> {
    let feed = Feed {
        root,
        own,
        updated: Timestamp::now(),
        count: counted.then_some(page.total),
        entries: entries(app, root, &page.entries).await?,
        next: page.next,
    };
    answer("application/atom+xml;type=feed;charset=utf-8", &feed)
}

/// One package alone.
pub(super) async fn single(
    app: &App,
    root: &str,
    entry: &catalog::Entry,
) -> Result<Option<Response>, ApiError> {
    let mut entries = entries(app, root, std::slice::from_ref(entry)).await?;
    let single = entries.pop().map(|entry| Single { root, entry });
    let kind = "application/atom+xml;type=entry;charset=utf-8";
    single.map(|single| answer(kind, &single)).transpose()
}

/// A rendered answer.
pub(super) fn answer(kind: &'static str, template: &impl Template) -> Result<Response, ApiError> {
    let text = template.render();
    let text = text.map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

async fn entries(
    app: &App,
    root: &str,
    entries: &[catalog::Entry],
) -> Result<Vec<Entry>, ApiError> {
    let pairs = manifest::with(app, entries).await?.into_iter();
    Ok(pairs
        .map(|(entry, nuspec)| shown(root, entry, nuspec))
        .collect())
}

fn shown(root: &str, entry: &catalog::Entry, nuspec: Nuspec) -> Entry {
    let package = &entry.package;
    let (id, version) = (escape(&package.package_id), escape(&package.version));
    let moment = |property: Property| match property.of(entry) {
        Value::Moment(ms) => time(ms),
        _ => time(UNLISTED_AT),
    };
    Entry {
        key: format!("Packages(Id='{id}',Version='{version}')"),
        content: format!("{root}/package/{id}/{version}"),
        id: package.package_id.clone(),
        version: nuspec.version.to_full(),
        normalized: package.version.clone(),
        authors: nuspec.authors.join(", "),
        dependencies: dependencies(&nuspec),
        hash: BASE64_STANDARD.encode(bytes(&package.sha256)),
        size: package.size,
        changed: moment(Property::Changed),
        published: moment(Property::Published),
        listed: package.listed,
        is_latest: entry.is_latest,
        is_absolute_latest: entry.is_absolute_latest,
        is_prerelease: entry.version.is_prerelease(),
        nuspec,
    }
}

impl Entry {
    fn text<'a>(&self, text: &'a Option<String>) -> &'a str {
        text.as_deref().unwrap_or_default()
    }

    fn title(&self) -> &str {
        self.nuspec.title.as_deref().unwrap_or(&self.id)
    }

    fn summary(&self) -> &str {
        let nuspec = &self.nuspec;
        let summary = nuspec.summary.as_deref();
        summary
            .or(nuspec.description.as_deref())
            .unwrap_or_default()
    }
}

/// `Id:range:framework|Id:range`; a group without dependencies is `::framework`.
fn dependencies(nuspec: &Nuspec) -> String {
    let mut parts = Vec::new();
    for group in &nuspec.dependency_groups {
        let framework = group.target_framework.as_deref().unwrap_or_default();
        if group.dependencies.is_empty() {
            parts.push(format!("::{framework}"));
        }
        for dependency in &group.dependencies {
            parts.push(format!(
                "{}:{}:{framework}",
                dependency.id, dependency.range
            ));
        }
    }
    parts.join("|")
}

/// `2024-05-01T12:00:00.123`, UTC: OData's times have no zone.
fn time(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}").trim_end_matches('Z').to_owned()
}

/// From hexadecimal digits.
fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    pairs.iter().filter_map(byte).collect()
}
