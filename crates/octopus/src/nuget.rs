//! The feed for NuGet clients: v2 (OData in Atom) and v3 (JSON), over the same packages.
//!
//! Unmodified clients meet it, so it follows what they send and read rather than taste.

mod access;
mod address;
mod catalog;
pub(crate) mod content;
pub(crate) mod manifest;
mod publish;
mod refusal;
mod v2;
mod v3;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{delete, get, put},
};

use crate::{app::App, feed};

pub(crate) use access::caller;
pub(crate) use manifest::catch_up;
pub(crate) use refusal::refuse;

/// All routes of NuGet clients.
pub fn routes() -> Router<App> {
    // Each layer costs every request; what is asked for most often has no body.
    let pushes = pushes().layer(DefaultBodyLimit::max(feed::PACKAGE_LIMIT));
    v3_routes()
        .merge(v2_routes())
        .merge(octopus_routes())
        .merge(pushes)
}

fn pushes() -> Router<App> {
    Router::new()
        .route("/nuget/v3/package", put(publish::push))
        .route("/nuget/v3/package/", put(publish::push))
        // Where clients push to when their source has no path.
        .route("/api/v2/package", put(publish::push))
        .route("/api/v2/package/", put(publish::push))
        .route("/nuget/v2", put(publish::push))
        .route("/nuget/v2/", put(publish::push))
        .route("/nuget/packages", put(publish::push).post(publish::push))
        .route("/nuget/packages/", put(publish::push).post(publish::push))
}

fn v3_routes() -> Router<App> {
    Router::new()
        .route("/nuget/v3/index.json", get(v3::service))
        .route("/nuget/v3/search", get(v3::search))
        .route("/nuget/v3/autocomplete", get(v3::autocomplete))
        .route(
            "/nuget/v3/registration/{id}/index.json",
            get(v3::index::<false>),
        )
        .route(
            "/nuget/v3/registration/{id}/page/{version}",
            get(v3::page::<false>),
        )
        .route(
            "/nuget/v3/registration/{id}/{version}",
            get(v3::leaf::<false>),
        )
        .route(
            "/nuget/v3/registration-semver2/{id}/index.json",
            get(v3::index::<true>),
        )
        .route(
            "/nuget/v3/registration-semver2/{id}/page/{version}",
            get(v3::page::<true>),
        )
        .route(
            "/nuget/v3/registration-semver2/{id}/{version}",
            get(v3::leaf::<true>),
        )
        .route("/nuget/v3/flat/{id}/index.json", get(v3::versions))
        .route("/nuget/v3/flat/{id}/{version}/{name}", get(v3::file))
        .route(
            "/nuget/v3/package/{id}/{version}",
            delete(publish::unlist).post(publish::relist),
        )
        .route(
            "/api/v2/package/{id}/{version}",
            delete(publish::unlist).post(publish::relist),
        )
}

fn v2_routes() -> Router<App> {
    Router::new()
        .route("/nuget/v2", get(v2::service))
        .route("/nuget/v2/", get(v2::service))
        .route("/nuget/v2/$metadata", get(v2::metadata))
        .route("/nuget/v2/{id}", get(v2::packages))
        .route(
            "/nuget/v2/{id}/{version}",
            get(v2::count).delete(publish::unlist).post(publish::relist),
        )
        .route("/nuget/v2/package/{id}/{version}", get(v2::download))
}

/// Octopus's own address, which scripts push to; NuGet 2.8 uses a source for everything.
fn octopus_routes() -> Router<App> {
    Router::new()
        .route("/nuget/packages", get(v2::open_service))
        .route("/nuget/packages/", get(v2::open_service))
        .route("/nuget/packages/$metadata", get(v2::metadata))
        .route("/nuget/packages/{id}", get(v2::packages))
        .route(
            "/nuget/packages/{id}/{version}",
            get(v2::count).delete(publish::unlist).post(publish::relist),
        )
        .route("/nuget/packages/package/{id}/{version}", get(v2::download))
}
