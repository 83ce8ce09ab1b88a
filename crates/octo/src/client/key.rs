//! What proves to the server who asks, kept out of every message.

use std::fmt;

use serde::{Deserialize, Serialize};
use ureq::http::{HeaderName, HeaderValue, header::AUTHORIZATION};

use super::{Address, ClientError};

/// An API key or an access token. It cannot be displayed, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ApiKey(String);

impl ApiKey {
    /// White space around it comes from copying and is dropped.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Nothing but white space was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for ApiKey {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(hidden)")
    }
}

/// How a request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// In a header of its own.
    Key(ApiKey),
    /// As a bearer token, such as a build server gets for one run.
    Token(ApiKey),
}

impl Credential {
    /// What people call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => "API key",
            Self::Token(_) => "access token",
        }
    }

    /// The request header.
    ///
    /// # Errors
    /// A key with characters that no header can hold is no key.
    pub(super) fn header(
        &self,
        server: &Address,
    ) -> Result<(HeaderName, HeaderValue), ClientError> {
        let (name, value) = match self {
            Self::Key(key) => (HeaderName::from_static(KEY_HEADER), key.0.clone()),
            Self::Token(token) => (AUTHORIZATION, format!("Bearer {}", token.0)),
        };
        let mut value = HeaderValue::from_str(&value).map_err(|_| ClientError::Unauthorized {
            server: server.to_string(),
            credential: self.kind(),
        })?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

/// [`api::API_KEY_HEADER`] as HTTP/2 writes it.
const KEY_HEADER: &str = "x-octopus-apikey";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_one_that_servers_know() {
        assert!(KEY_HEADER.eq_ignore_ascii_case(api::API_KEY_HEADER));
    }
}
