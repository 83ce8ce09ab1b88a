//! What an answer means.

use api::ErrorBody;
use serde::de::DeserializeOwned;
use ureq::http::StatusCode;
use ureq::http::header::{CONTENT_TYPE, LOCATION};
use ureq::http::response::Parts;

use super::{Address, ClientError, Credential};

/// Longest answer that is read. The longest real ones are lists of some ten thousand machines.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// The value of a good answer.
///
/// # Errors
/// Every other answer, named after who must have sent it.
pub(super) fn judge<T: DeserializeOwned>(
    server: &Address,
    credential: Option<&Credential>,
    url: &str,
    head: &Parts,
    text: &[u8],
) -> Result<T, ClientError> {
    let status = head.status;
    if status.is_redirection() {
        let location = head.headers.get(LOCATION).map(|to| to.to_str());
        return Err(ClientError::Redirected {
            url: url.to_owned(),
            location: location
                .and_then(Result::ok)
                .unwrap_or("nowhere")
                .to_owned(),
        });
    }
    if status == StatusCode::UNAUTHORIZED {
        return Err(ClientError::Unauthorized {
            server: server.to_string(),
            credential: credential.map_or("API key", Credential::kind),
        });
    }
    let not_octopus = || ClientError::NotOctopus {
        url: url.to_owned(),
        status: status.as_u16(),
        found: kind(head, text),
    };
    if !status.is_success() {
        return Err(match serde_json::from_slice::<ErrorBody>(text) {
            Ok(body) => ClientError::Refused {
                status: status.as_u16(),
                body,
            },
            Err(_) => not_octopus(),
        });
    }
    // An empty answer says that there is nothing to say.
    let text = match text.trim_ascii() {
        [] if head.headers.get(CONTENT_TYPE).is_none() => b"null",
        text => text,
    };
    serde_json::from_slice(text).map_err(|error| {
        if error.is_data() {
            ClientError::Unexpected {
                url: url.to_owned(),
                reason: error.to_string(),
            }
        } else {
            not_octopus()
        }
    })
}

/// What the body is, in words.
fn kind(head: &Parts, text: &[u8]) -> String {
    let named = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    match named.as_deref() {
        _ if text.is_empty() => "nothing".to_owned(),
        Some("text/html") => "a web page".to_owned(),
        Some("application/json") => "broken JSON".to_owned(),
        Some(other) if !other.is_empty() => other.to_owned(),
        _ => "something unnamed".to_owned(),
    }
}
