//! `GET /packages` and `GET /packages/{id}`, and the way of a package to servers.

use std::sync::Arc;

use api::{NewTask, TaskArguments, TaskName};
use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Person, WebError, environments::server_url, html, sent};
use crate::{
    app::App,
    error::ApiError,
    feed::shelf::Item,
    lookup,
    portal::view::{PackagePage, PackageRow, PackageVersionRow, PackagesPage, Section},
    rest::{self, call::Call},
};

/// In which packages go to servers without a project.
const DEFAULT_SPACE: i64 = 1;

/// Most packages on a page.
const PAGE: u64 = 100;

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: u64,
}

pub(super) async fn list(
    State(app): State<App>,
    person: Person,
    Query(search): Query<Search>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let part = search.q.to_lowercase();
    let shelf = app.shelf().await?;
    let packages = shelf.all().chunk_by(|one, other| one.key == other.key);
    let total = packages.clone().count() as u64;
    let found: Vec<&[Arc<Item>]> = packages
        .filter(|versions| {
            versions
                .first()
                .is_some_and(|item| item.key.contains(&part))
        })
        .collect();
    let pages = (found.len() as u64).div_ceil(PAGE).max(1);
    let page = search.page.clamp(1, pages);
    let skip = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
    let shown = found.iter().skip(skip).take(PAGE as usize);
    let row = |versions: &&[Arc<Item>]| {
        let newest = &versions.last()?.package;
        Some(PackageRow {
            id: newest.package_id.clone(),
            newest: newest.version.clone(),
            versions: versions.len() as u64,
            size: u64::try_from(newest.size).unwrap_or(0),
            published: published(newest.published_at),
        })
    };
    html(&PackagesPage {
        shell: person.shell(&app, Section::Packages),
        query: search.q,
        packages: shown.filter_map(row).collect(),
        matching: found.len() as u64,
        total,
        page,
        pages,
        server_url: server_url(&headers),
    })
}

fn published(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) async fn one(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let shelf = app.shelf().await?;
    let packages = shelf.of(&id);
    let newest = packages.last();
    let newest = newest.ok_or_else(|| ApiError::not_found("package", &id))?;
    let environments = app.store.environments_of(DEFAULT_SPACE).await?;
    let environments = environments.into_iter();
    let versions = packages.iter().rev().map(|item| {
        let package = rest::convert::package(item.package.clone());
        PackageVersionRow {
            download: package.links.get("Raw").cloned().unwrap_or_default(),
            version: package.version,
            size: package.package_size_bytes,
            published: published(item.package.published_at),
            hash: package.hash,
        }
    });
    html(&PackagePage {
        shell: person.shell(&app, Section::Packages),
        id: newest.package.package_id.clone(),
        description: newest.package.description.clone(),
        versions: versions.collect(),
        environments: environments
            .map(|one| (lookup::environment_id(one.id), one.name))
            .collect(),
    })
}

#[derive(Deserialize)]
pub(super) struct Order {
    #[serde(default)]
    version: String,
    #[serde(default)]
    environment: String,
}

/// `POST /packages/{id}/deployments`: to one environment; the way goes on at the task.
pub(super) async fn deploy(
    _person: Person,
    call: Call,
    order: Result<Form<Order>, FormRejection>,
) -> Result<Response, WebError> {
    let order = sent(order)?;
    let new = NewTask {
        name: TaskName::DeployPackage,
        description: String::new(),
        arguments: TaskArguments {
            package_id: Some(call.id().to_owned()),
            package_version: Some(order.version),
            environment_ids: vec![order.environment],
            ..TaskArguments::default()
        },
    };
    let task = rest::start_task(&call, new).await?;
    Ok(Redirect::to(&format!("/tasks/{}", lookup::task_id(task.id))).into_response())
}
