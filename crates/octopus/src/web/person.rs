//! Who looks at a page: somebody signed in, or else the way to the sign-in page.

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

use super::shell;
use crate::{
    app::App,
    auth::Caller,
    portal::view::{Section, Shell},
};

/// Somebody signed in.
pub(super) struct Person(pub(super) Caller);

impl Person {
    /// What surrounds the page.
    pub(super) fn shell(&self, app: &App, section: Section) -> Shell {
        let version = app.version.to_string();
        shell(&self.0.user.username, self.0.csrf(), &version, section)
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let caller = Caller::from_request_parts(parts, app).await;
        caller.map(Self).map_err(|_| sign_in_first(parts))
    }
}

/// The way to the sign-in page, and back.
pub(crate) fn sign_in_first(parts: &Parts) -> Response {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let back = match parts.method {
        Method::GET => path,
        _ => "/",
    };
    let query = serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
    Redirect::to(&format!("/signin?{query}")).into_response()
}
