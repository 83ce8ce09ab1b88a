//! Who looks at a page: somebody signed in, or else the way to the sign-in page.

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

use super::{WebError, shell};
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
        let caller = Caller::find(app, &parts.headers).await;
        let caller = caller.map_err(|error| WebError::from(error).into_response())?;
        caller.map(Self).ok_or_else(|| {
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            let back = match parts.method {
                Method::GET => path,
                _ => "/",
            };
            let query = serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
            Redirect::to(&format!("/signin?{query}")).into_response()
        })
    }
}
