//! What a refused request is answered with.

use api::ErrorBody;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{depot::DepotError, store::StoreError};

/// A refusal: status, one sentence, and one entry per mistake.
#[derive(Debug)]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// What was wrong and what to do.
    pub message: String,
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
            other => Self::internal(&other),
        }
    }
}

impl From<DepotError> for ApiError {
    fn from(error: DepotError) -> Self {
        match &error {
            DepotError::Package(_) | DepotError::Broken(_) => Self::bad(channel::describe(&error)),
            DepotError::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string()),
            DepotError::Io(_) => Self::internal(&error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            errors: vec![self.message.clone()],
            error_message: self.message,
        };
        (self.status, Json(body)).into_response()
    }
}
