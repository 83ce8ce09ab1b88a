//! REST under `/api`, in the shape that Octopus clients know.

mod allowed;
mod artifacts;
mod body;
mod builds;
pub(crate) mod call;
mod configuration;
pub(crate) mod convert;
mod delta;
mod deployments;
pub(crate) mod documents;
mod events;
mod feeds;
pub(crate) mod interruptions;
mod machines;
pub(crate) mod mistakes;
mod openapi;
mod packages;
pub mod paths;
mod people;
mod progression;
mod root;
mod tags;
mod tasks;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{get, post},
};

pub(crate) use allowed::cancel as may_cancel;
pub(crate) use body::Body;
pub(crate) use convert::machines as all_machines;
pub(crate) use deployments::{
    asked_for, deploy_automatically, deploy_to_arrived, make as deploy, places as places_of_release,
};
pub(crate) use tasks::{plain_text, record_cancel, start as start_task};

use crate::{app::App, error::ApiError, feed, lookup};

/// All routes of programs.
pub fn routes() -> Router<App> {
    let uploads = Router::new()
        .route("/api/{space}/packages/raw", post(packages::upload))
        .layer(DefaultBodyLimit::max(feed::PACKAGE_LIMIT));
    Router::new()
        .route("/api", get(root::root))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/capabilities", get(root::capabilities))
        .route(
            "/api/configuration/feature-toggles",
            get(root::feature_toggles),
        )
        .route(
            "/api/featuresconfiguration",
            get(root::features_configuration),
        )
        .route("/api/serverstatus", get(root::status))
        .route(
            "/api/configuration/certificates/certificate-global",
            get(root::certificate),
        )
        .route(
            "/api/{space}/machines",
            get(machines::list).post(machines::register),
        )
        .route("/api/{space}/machines/all", get(machines::all))
        .route("/api/{space}/machines/discover", get(machines::discover))
        .route(
            "/api/{space}/machines/{id}",
            get(machines::one)
                .put(machines::change)
                .delete(machines::delete),
        )
        .route(
            "/api/{space}/machines/{id}/connection",
            get(machines::connection),
        )
        .route("/api/{space}/artifacts", get(artifacts::list))
        .route("/api/{space}/artifacts/{id}", get(artifacts::one))
        .route(
            "/api/{space}/artifacts/{id}/content",
            get(artifacts::content),
        )
        .route("/api/{space}/packages", get(packages::list))
        .route(
            "/api/{space}/packages/{id}",
            get(packages::one).delete(packages::delete),
        )
        .route(
            "/api/{space}/packages/{id}/{version}/raw",
            get(feed::download),
        )
        .route("/api/{space}/tasks", get(tasks::list).post(tasks::post))
        .route("/api/{space}/tasks/{id}", get(tasks::one))
        .route("/api/{space}/tasks/{id}/details", get(tasks::details))
        .route("/api/{space}/tasks/{id}/log", get(tasks::log))
        .route("/api/{space}/tasks/{id}/raw", get(tasks::raw))
        .route("/api/{space}/tasks/{id}/cancel", post(tasks::cancel))
        .route(
            "/api/{space}/tasks/{id}/queued-behind",
            get(tasks::queued_behind),
        )
        .route("/api/{space}/tasks/rerun/{id}", post(tasks::rerun))
        .route("/api/tasks/rerun/{id}", post(tasks::rerun))
        .route("/api/tasks/{id}", get(tasks::one))
        .route("/api/tasks/{id}/cancel", post(tasks::cancel))
        .merge(configuration::routes())
        .merge(people::routes())
        .merge(uploads)
        .merge(delta::routes())
        .layer(middleware::from_fn(tags::etags))
}

/// What is wrong with a name, if anything.
pub(crate) fn check_name(what: &str, name: &str) -> Result<(), ApiError> {
    let length = name.trim().chars().count();
    if length == 0 || length > 100 || name.chars().any(char::is_control) {
        return Err(ApiError::bad(format!(
            "Name `{name}`: the name of {what} takes 1 to 100 characters on one line."
        )));
    }
    Ok(())
}

/// Whether an address names a space at all: the built-in feed belongs to all of them.
pub(crate) fn check_space(space: &str) -> Result<(), ApiError> {
    if lookup::row_id("Spaces", space).is_some() || space.eq_ignore_ascii_case("default") {
        return Ok(());
    }
    let message = format!("There is no space `{space}`; GET /api/spaces lists what there is.");
    Err(ApiError::new(StatusCode::NOT_FOUND, message))
}
