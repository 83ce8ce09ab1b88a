//! From a request to the person or program behind it.

use api::{API_KEY_HEADER, NUGET_API_KEY_HEADER};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};

use super::secrets::hash_token;
use std::sync::Arc;

use crate::{
    access::{Permission, Rights, Where, missing},
    app::App,
    error::ApiError,
    lookup,
    store::{self, events::NewEvent, users::User},
};

/// The cookie that holds a session's token.
pub const SESSION_COOKIE: &str = "octopus_session";

/// The header in which scripts of a signed-in page send the session's token against forged requests.
const CSRF_HEADER: &str = "X-Octopus-Csrf-Token";

/// Longest form of the portal, in bytes.
const FORM_LIMIT: usize = 64 * 1024;

/// How a caller has shown who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A program, by API key.
    ApiKey,
    /// A person, by session; with the token that its forms carry.
    Session {
        /// To be put in every form.
        csrf: String,
    },
}

/// Who calls. As an extractor: nobody known is answered with 401.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose key or session it is.
    pub user: Arc<User>,
    /// How that was shown.
    pub credentials: Credentials,
    /// What everybody may do, as of now.
    pub rights: Arc<Rights>,
}

impl Caller {
    /// The token for forms; empty for programs, which need none.
    pub fn csrf(&self) -> &str {
        match &self.credentials {
            Credentials::ApiKey => "",
            Credentials::Session { csrf } => csrf,
        }
    }

    /// Whether they may do something there.
    pub(crate) fn allow(&self, permission: Permission, place: Where) -> bool {
        self.rights.allow(self.user.id, permission, place)
    }

    /// 403 unless they may do something there. `words`: the place, for people.
    pub(crate) fn require(
        &self,
        permission: Permission,
        place: Where,
        words: &str,
    ) -> Result<(), ApiError> {
        match self.allow(permission, place) {
            true => Ok(()),
            false => Err(missing(permission, words)),
        }
    }

    /// Whether an id or name in an address is theirs.
    pub(crate) fn is(&self, text: &str) -> bool {
        lookup::row_id("Users", text) == Some(self.user.id)
            || text.eq_ignore_ascii_case("me")
            || self.user.username.to_lowercase() == text.to_lowercase()
    }

    /// A change by them in a space (0: in none), to be written down.
    pub(crate) fn event(
        &self,
        space_id: i64,
        category: &'static str,
        document: &str,
        message: String,
    ) -> NewEvent {
        NewEvent {
            space_id,
            username: self.user.username.clone(),
            category,
            document: document.to_owned(),
            message,
        }
    }

    /// Who calls, if anybody known does.
    pub async fn find(app: &App, headers: &HeaderMap) -> store::Result<Option<Self>> {
        if let Some(key) = api_key(headers) {
            return Self::by_key(app, key).await;
        }
        let Some(token) = cookie(headers, SESSION_COOKIE) else {
            return Ok(None);
        };
        let Some((user, csrf)) = app.store.session(&hash_token(token)).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            user: Arc::new(user),
            credentials: Credentials::Session { csrf },
            rights: app.rights().await?,
        }))
    }

    /// Whose API key this is.
    pub(crate) async fn by_key(app: &App, key: &str) -> store::Result<Option<Self>> {
        let Some(user) = app.user_of_key(key).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            user,
            credentials: Credentials::ApiKey,
            rights: app.rights().await?,
        }))
    }

    /// What somebody unknown is answered.
    pub(crate) fn unknown() -> ApiError {
        let message = format!(
            "You must sign in, or send a valid API key in the header {API_KEY_HEADER}; \
             `octopus api-key create` makes one."
        );
        ApiError::new(StatusCode::UNAUTHORIZED, message)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    /// The check of the table has found them already.
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(Self::unknown)
    }
}

/// The key that a program sent: in Octopus's header, in NuGet's, or as a bearer token.
fn api_key(headers: &HeaderMap) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text(API_KEY_HEADER)
        .or_else(|| text(NUGET_API_KEY_HEADER))
        .or_else(|| text(header::AUTHORIZATION.as_str())?.strip_prefix("Bearer "))
}

/// A cookie's value (RFC 6265, section 4.2).
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// Middleware: a request that changes something and rests on a cookie must carry the
/// session's token, in a header or in its form; other sites can't read it, so they can't
/// make a browser send it.
pub async fn check_csrf(app: &App, request: Request) -> Result<Request, ApiError> {
    let headers = request.headers();
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if safe || api_key(headers).is_some() {
        return Ok(request);
    }
    let forged = || {
        let message = "The page is too old or the request came from another site; \
                       reload the page and try again.";
        ApiError::new(StatusCode::FORBIDDEN, message)
    };
    let cross_site = headers.get("Sec-Fetch-Site");
    if cross_site.is_some_and(|site| site == "cross-site") {
        return Err(forged());
    }
    let Some(token) = cookie(headers, SESSION_COOKIE) else {
        return Ok(request);
    };
    let Some((_, expected)) = app.store.session(&hash_token(token)).await? else {
        return Ok(request);
    };
    let sent = headers.get(CSRF_HEADER).and_then(|v| v.to_str().ok());
    if sent == Some(expected.as_str()) {
        return Ok(request);
    }
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(forged());
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT)
        .await
        .map_err(|_| ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large."))?;
    let form: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&bytes).map_err(|error| ApiError::bad(error.to_string()))?;
    let matches = form
        .iter()
        .any(|(name, value)| name == "csrf" && *value == expected);
    if matches {
        Ok(Request::from_parts(parts, Body::from(bytes)))
    } else {
        Err(forged())
    }
}
