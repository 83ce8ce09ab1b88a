//! The portal's pages: from requests to view models, and from templates to answers.

mod assets;
mod environments;
mod live;
mod machines;
mod packages;
mod person;
mod projects;
mod rows;
mod sign;
mod tasks;
mod upgrade;

use askama::Template;
use axum::{
    Form, Router,
    extract::rejection::FormRejection,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;

use self::person::Person;
pub(crate) use self::person::sign_in_first;
use crate::{
    app::App,
    error::ApiError,
    portal::{
        CONTENT_SECURITY_POLICY,
        view::{ErrorPage, Now, Section, Shell},
    },
};

/// All routes of people.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/environments") }))
        .route("/signin", get(sign::form).post(sign::sign_in))
        .route("/signout", post(sign::sign_out))
        .route("/environments", get(environments::page))
        .route("/environments/events", get(live::machines))
        .route("/environments/upgrade", get(upgrade::all))
        .route("/environments/{id}/upgrade", get(upgrade::environment))
        .route("/machines/{id}", get(machines::page))
        .route("/machines/{id}/upgrade", get(upgrade::machine))
        .route("/projects", get(projects::list))
        .route("/projects/{id}", get(projects::one))
        .route("/projects/{id}/triggers", post(projects::turn_on))
        .route("/triggers/{id}", post(projects::switch))
        .route("/releases/{id}", get(projects::release))
        .route("/releases/{id}/deployments", post(projects::deploy))
        .route("/releases/{id}/progression", post(projects::progression))
        .route("/packages", get(packages::list))
        .route("/packages/{id}", get(packages::one))
        .route("/packages/{id}/deployments", post(packages::deploy))
        .route("/tasks", get(tasks::list))
        .route("/tasks/events", get(live::tasks))
        .route("/tasks/{id}", get(tasks::one))
        .route("/tasks/{id}/events", get(live::task))
        .route("/tasks/{id}/raw", get(tasks::raw))
        .route("/tasks/{id}/cancel", post(tasks::cancel))
        .route("/interruptions/{id}", post(tasks::answer))
        .fallback(not_found)
        .layer(middleware::map_response(secure))
        .route("/assets/{name}", get(assets::asset))
}

/// A page could not be made as asked.
pub(crate) struct WebError(ApiError);

impl<E: Into<ApiError>> From<E> for WebError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let ApiError {
            status, message, ..
        } = self.0;
        let title = match status {
            StatusCode::NOT_FOUND => "This is not here",
            StatusCode::FORBIDDEN => "This is not allowed",
            _ => "That did not work",
        };
        error_page(status, title, message)
    }
}

/// A page that says why not.
pub(crate) fn refuse(error: ApiError) -> Response {
    WebError(error).into_response()
}

fn error_page(status: StatusCode, title: &str, message: String) -> Response {
    let page = ErrorPage {
        shell: shell("", "", "", Section::Elsewhere),
        status: status.as_u16(),
        title: title.to_owned(),
        message,
        way_out: ("/environments".to_owned(), "All environments".to_owned()),
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => ApiError::internal(&error).into_response(),
    }
}

async fn not_found() -> Response {
    let message = "There is no such page. The address may be old, or mistyped.";
    error_page(
        StatusCode::NOT_FOUND,
        "This is not here",
        message.to_owned(),
    )
}

/// What a form has sent.
fn sent<T>(form: Result<Form<T>, FormRejection>) -> Result<T, ApiError> {
    let Form(sent) = form.map_err(|error| ApiError::new(error.status(), error.body_text()))?;
    Ok(sent)
}

/// A rendered page.
fn html(page: &impl Template) -> Result<Response, WebError> {
    let text = page.render().map_err(|error| ApiError::internal(&error))?;
    Ok(Html(text).into_response())
}

fn shell(user: &str, csrf: &str, server_version: &str, section: Section) -> Shell {
    Shell {
        user: user.to_owned(),
        csrf: csrf.to_owned(),
        server_version: server_version.to_owned(),
        now: now(),
        section,
    }
}

fn now() -> Now {
    Now(Timestamp::now())
}

/// A stored moment.
fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What every page is served with.
async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    response
}
