//! What a refused request is answered with.

use api::ErrorBody;
use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{auth::SecretError, depot::DepotError, store::StoreError};

/// Longest refusal of the web framework that is passed on, in bytes.
const TEXT_LIMIT: usize = 16 * 1024;

/// A refusal: status, one sentence, and one entry per mistake.
#[derive(Debug)]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// What was wrong and what to do.
    pub message: String,
    /// One entry per mistake; empty when the message says it all.
    pub errors: Vec<String>,
}

impl ApiError {
    /// 400: the request is wrong.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404: what was asked for is not there.
    pub fn not_found(what: &str, id: &str) -> Self {
        let message = format!("There is no {what} `{id}`, or it was deleted.");
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Any other.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            errors: Vec::new(),
        }
    }

    /// 400: everything that is wrong with the request.
    pub fn many(mistakes: Vec<String>) -> Self {
        let message = match mistakes.as_slice() {
            [one] => one.clone(),
            many => format!("There are {} mistakes in the request.", many.len()),
        };
        Self {
            errors: mistakes,
            ..Self::bad(message)
        }
    }

    /// 500: details go to the server's own log, not to the caller.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!("{}", channel::describe(error));
        let message = "The server could not do that; its log says why.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(message) => Self::new(StatusCode::CONFLICT, message),
            error if error.is_bad_text() => {
                Self::bad("A text in the request holds the character U+0000, which can't be kept.")
            }
            other => Self::internal(&other),
        }
    }
}

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        Self::internal(&error)
    }
}

impl From<DepotError> for ApiError {
    fn from(error: DepotError) -> Self {
        match &error {
            DepotError::Package(_)
            | DepotError::Name { .. }
            | DepotError::Symbols(_)
            | DepotError::Broken(_) => Self::bad(channel::describe(&error)),
            DepotError::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string()),
            DepotError::Io(_) | DepotError::InClear(_) => Self::internal(&error),
            DepotError::Store(fault) if fault.is_missing() => Self::internal(&error),
            DepotError::Store(_) => {
                tracing::error!("{}", channel::describe(&error));
                let words = format!("{error}; try again later, and look at the server's log");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, words)
            }
        }
    }
}

/// Programs get every refusal in Octopus's shape, also those of the web
/// framework, such as for a query that can't be read or a method that an address has not.
pub async fn refuse_in_json(
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let path = request.uri().path();
    let is_program = path.starts_with("/api") || path.starts_with("/nuget");
    let method = request.method().clone();
    let response = next(request).await;
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind == "application/json");
    if !is_program || is_json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let is_text = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let body = response.into_body();
    let text = match is_text {
        true => to_bytes(body, TEXT_LIMIT).await.unwrap_or_default(),
        false => Bytes::new(),
    };
    let text = String::from_utf8_lossy(&text);
    let message = match (text.trim(), status) {
        ("", StatusCode::METHOD_NOT_ALLOWED) => {
            format!("This address does not take {method}; the header Allow says what it takes.")
        }
        ("", StatusCode::NOT_FOUND) => {
            "There is nothing at this address; GET /api lists what there is.".to_owned()
        }
        ("", _) => format!("The request was refused: {status}."),
        (words, _) => words.to_owned(),
    };
    ApiError::new(status, message).into_response()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let errors = match self.errors.is_empty() {
            true => vec![self.message.clone()],
            false => self.errors,
        };
        let body = ErrorBody {
            errors,
            error_message: self.message,
        };
        (self.status, Json(body)).into_response()
    }
}
