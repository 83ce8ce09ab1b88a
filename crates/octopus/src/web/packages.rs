//! `GET /packages` and `GET /packages/{id}`.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Person, WebError, environments::server_url, html};
use crate::{
    app::App,
    error::ApiError,
    portal::view::{PackagePage, PackageRow, PackageVersionRow, PackagesPage, Section},
    rest,
};

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

pub(super) async fn list(
    State(app): State<App>,
    person: Person,
    Query(search): Query<Search>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let mut rows: Vec<PackageRow> = Vec::new();
    for package in rest::newest_first(rest::convert::packages(&app).await?) {
        match rows.last_mut() {
            Some(row) if row.id.eq_ignore_ascii_case(&package.package_id) => row.versions += 1,
            _ => rows.push(PackageRow {
                id: package.package_id,
                newest: package.version,
                versions: 1,
                size: package.package_size_bytes,
                published: published(&package.published),
            }),
        }
    }
    let total = rows.len() as u64;
    let part = search.q.to_lowercase();
    rows.retain(|row| row.id.to_lowercase().contains(&part));
    html(&PackagesPage {
        shell: person.shell(&app, Section::Packages),
        query: search.q,
        packages: rows,
        total,
        server_url: server_url(&headers),
    })
}

fn published(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) async fn one(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let mut packages = rest::newest_first(rest::convert::packages(&app).await?);
    packages.retain(|package| package.package_id.eq_ignore_ascii_case(&id));
    let newest = packages.first();
    let newest = newest.ok_or_else(|| ApiError::not_found("package", &id))?;
    let (id, description) = (newest.package_id.clone(), newest.description.clone());
    let environments = app.store.environments().await?;
    let first = environments.into_iter().next();
    let versions = packages.into_iter().map(|package| PackageVersionRow {
        download: package.links.get("Raw").cloned().unwrap_or_default(),
        version: package.version,
        size: package.package_size_bytes,
        published: published(&package.published),
        hash: package.hash,
    });
    html(&PackagePage {
        shell: person.shell(&app, Section::Packages),
        id,
        description,
        versions: versions.collect(),
        environment: first
            .map(|environment| environment.name)
            .unwrap_or_default(),
    })
}
