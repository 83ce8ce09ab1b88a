//! Who may read and push: NuGet clients show an API key in a header when they push, and as the
//! password of a source's credentials when they read.

use api::NUGET_API_KEY_HEADER;
use axum::{extract::FromRequestParts, http::request::Parts};
use headers::{Authorization, HeaderMapExt, authorization::Basic};

use super::refusal::Refusal;
use crate::{
    app::App,
    auth::{Caller, hash_token},
};

/// Somebody who may use the feed: known by any of Octopus's means, or by HTTP Basic with any
/// name and an API key as the password. Nobody known is asked for these.
#[derive(Debug)]
pub(super) struct Client;

impl FromRequestParts<App> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let refused = match Caller::from_request_parts(parts, app).await {
            Ok(_) => return Ok(Self),
            Err(refused) => refused,
        };
        // A wrong key is wrong, whatever else is shown.
        let has_key = parts.headers.contains_key(NUGET_API_KEY_HEADER);
        let basic = parts.headers.typed_get::<Authorization<Basic>>();
        if let Some(basic) = basic.filter(|_| !has_key) {
            let hash = hash_token(basic.password());
            if app.store.user_by_api_key(&hash).await?.is_some() {
                return Ok(Self);
            }
        }
        Err(refused.into())
    }
}
