//! REST under `/api`, in the shape that Octopus clients know.

pub(crate) mod convert;
mod environments;
mod machines;
mod packages;
mod root;
mod tasks;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::StatusCode,
    routing::{get, post},
};
use serde::de::DeserializeOwned;

pub(crate) use convert::machines as all_machines;
pub(crate) use tasks::plain_text;

use crate::{app::App, error::ApiError, feed};

/// All routes of programs.
pub fn routes() -> Router<App> {
    let uploads = Router::new()
        .route("/api/{space}/packages/raw", post(packages::upload))
        .layer(DefaultBodyLimit::max(feed::PACKAGE_LIMIT));
    Router::new()
        .route("/api", get(root::root))
        .route("/api/users/me", get(root::me))
        .route("/api/serverstatus", get(root::status))
        .route(
            "/api/configuration/certificates/certificate-global",
            get(root::certificate),
        )
        .route(
            "/api/{space}/environments",
            get(environments::list).post(environments::create),
        )
        .route("/api/{space}/environments/all", get(environments::all))
        .route(
            "/api/{space}/machines",
            get(machines::list).post(machines::register),
        )
        .route("/api/{space}/machines/all", get(machines::all))
        .route(
            "/api/{space}/machines/{id}",
            get(machines::one).delete(machines::delete),
        )
        .route("/api/{space}/packages", get(packages::list))
        .route(
            "/api/{space}/packages/{id}/{version}/raw",
            get(feed::download),
        )
        .route(
            "/api/{space}/feeds/feeds-builtin/packages/versions",
            get(packages::versions),
        )
        .route("/api/{space}/tasks", get(tasks::list).post(tasks::post))
        .route("/api/{space}/tasks/{id}", get(tasks::one))
        .route("/api/{space}/tasks/{id}/details", get(tasks::details))
        .route("/api/{space}/tasks/{id}/log", get(tasks::log))
        .route("/api/{space}/tasks/{id}/raw", get(tasks::raw))
        .route("/api/{space}/tasks/{id}/cancel", post(tasks::cancel))
        .merge(uploads)
}

/// A JSON body; what is wrong with one is answered in Octopus's shape.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes::Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::new(error.status(), error.body_text()))?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::bad(format!("The request's JSON can't be read: {error}")))
    }
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

/// The one space, by id, name or `default`.
pub(crate) fn check_space(space: &str) -> Result<(), ApiError> {
    if space.eq_ignore_ascii_case(api::DEFAULT_SPACE) || space.eq_ignore_ascii_case("default") {
        return Ok(());
    }
    let message = format!(
        "There is no space `{space}`; this server has {}.",
        api::DEFAULT_SPACE
    );
    Err(ApiError::new(StatusCode::NOT_FOUND, message))
}

/// `?skip=&take=`.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub(crate) struct Paging {
    #[serde(default)]
    skip: u64,
    #[serde(default = "thirty")]
    take: u64,
}

fn thirty() -> u64 {
    30
}

impl Paging {
    /// Cuts one page out of everything.
    pub(crate) fn cut<T>(self, item_type: &str, all: Vec<T>) -> api::Page<T> {
        let total_results = all.len() as u64;
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(self.take).unwrap_or(usize::MAX);
        api::Page {
            item_type: item_type.to_owned(),
            total_results,
            items_per_page: self.take,
            items: all.into_iter().skip(skip).take(take).collect(),
            links: api::Links::new(),
        }
    }
}
