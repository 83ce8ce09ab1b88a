//! An API key, kept out of every message.

use std::fmt;

use serde::{Deserialize, Serialize};
use ureq::http::HeaderValue;

use super::{Address, ClientError};

/// An API key. It cannot be displayed, and `Debug` hides it.
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

    /// The value of the request header.
    ///
    /// # Errors
    /// A key with characters that no header can hold is no key.
    pub(super) fn header(&self, server: &Address) -> Result<HeaderValue, ClientError> {
        let mut value = HeaderValue::from_str(&self.0).map_err(|_| ClientError::Unauthorized {
            server: server.to_string(),
        })?;
        value.set_sensitive(true);
        Ok(value)
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
