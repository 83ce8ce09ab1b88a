//! Refusals with the words where NuGet clients look for them: beside the status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::ext::ReasonPhrase;

use crate::error::ApiError;

/// Longest text beside the status, in characters.
const REASON_LIMIT: usize = 300;

/// What asks a client for the credentials that it keeps for this source (RFC 7617).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"Octopus\"");

/// A request of a NuGet client was refused.
#[derive(Debug)]
pub(super) struct Refusal(ApiError);

impl<E: Into<ApiError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let reason = reason(&error.message);
        let mut response = error.into_response();
        if response.status() == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Ok(reason) = ReasonPhrase::try_from(reason.into_bytes()) {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

/// What a NuGet client is answered instead.
pub(crate) fn refuse(error: ApiError) -> Response {
    Refusal(error).into_response()
}

/// The beginning of a message in the characters that a status line may hold.
fn reason(message: &str) -> String {
    let printable = |c: char| match c {
        '…' => '.',
        ' '..='~' => c,
        _ => '?',
    };
    message.chars().take(REASON_LIMIT).map(printable).collect()
}
