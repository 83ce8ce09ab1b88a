//! Who may read and push: NuGet clients show an API key in a header when they push, and as the
//! password of a source's credentials when they read.

use api::NUGET_API_KEY_HEADER;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use headers::{Authorization, HeaderMapExt, authorization::Basic};

use super::refusal::Refusal;
use crate::{app::App, auth::Caller, store};

/// Somebody who may use the feed.
#[derive(Debug)]
pub(super) struct Client(pub(super) Caller);

impl FromRequestParts<App> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        Ok(Self(Caller::from_request_parts(parts, app).await?))
    }
}

/// Who shows an API key as the password of HTTP Basic, with any name.
pub(crate) async fn caller(app: &App, headers: &HeaderMap) -> store::Result<Option<Caller>> {
    // A wrong key is wrong, whatever else is shown.
    if headers.contains_key(NUGET_API_KEY_HEADER) {
        return Ok(None);
    }
    match headers.typed_get::<Authorization<Basic>>() {
        Some(basic) => Caller::by_key(app, basic.password()).await,
        None => Ok(None),
    }
}
