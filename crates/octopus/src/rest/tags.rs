//! ETags: a client that has an answer already is not sent it again (RFC 9110, section 8.8.3).

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// Longest answer that gets a tag, in bytes; a log can be longer.
const LIMIT: usize = 64 << 20;

/// Gives JSON answers a tag, and answers 304 to who has that one.
pub(super) async fn etags(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind == "application/json");
    if !is_get || !is_json || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LIMIT).await else {
        let message = "The answer is too large; ask for less with ?take=.";
        return ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, message).into_response();
    };
    let hash = Sha256::digest(&bytes);
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let Ok(tag) = HeaderValue::from_str(&format!("\"{hex}\"")) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let is_known = known.is_some_and(|known| {
        let tags = known.to_str().unwrap_or_default().split(',').map(str::trim);
        tags.map(|one| one.trim_start_matches("W/"))
            .any(|one| one == "*" || one == tag)
    });
    parts.headers.insert(header::ETAG, tag);
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}
