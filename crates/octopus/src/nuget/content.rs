//! Package files on their way out: whole, in part, or not again (RFC 9110, sections 13 and 14).
//!
//! The name of the content, its SHA-256, is the entity tag; there is no date of change, so
//! conditions on dates do not count.

use std::{convert::Infallible, io::SeekFrom, ops::RangeInclusive};

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{Method, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Response},
};
use headers::{ETag, HeaderMapExt, IfMatch, IfNoneMatch, IfRange};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use super::address;
use crate::{app::App, error::ApiError, store::packages::Package};

/// Under which conditions, and how much of it, the content is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    if_match: Option<IfMatch>,
    if_none_match: Option<IfNoneMatch>,
    if_range: Option<IfRange>,
    range: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let range = parts.headers.get(header::RANGE);
        let range = range.and_then(|value| value.to_str().ok());
        Ok(Self {
            if_match: parts.headers.typed_get(),
            if_none_match: parts.headers.typed_get(),
            if_range: parts.headers.typed_get(),
            // No other method has ranges (section 14.2).
            range: range
                .filter(|_| parts.method == Method::GET)
                .map(str::to_owned),
        })
    }
}

/// What a request gets.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Range(RangeInclusive<u64>),
    NotModified,
    /// Another content than the one that was asked for.
    Changed,
    /// Nothing of it lies in the range.
    Outside,
}

impl Wanted {
    /// The order of section 13.2.2.
    fn part(&self, tag: &ETag, size: u64) -> Part {
        let passes = |condition: &IfMatch| condition.precondition_passes(tag);
        if !self.if_match.as_ref().is_none_or(passes) {
            return Part::Changed;
        }
        let passes = |condition: &IfNoneMatch| condition.precondition_passes(tag);
        if !self.if_none_match.as_ref().is_none_or(passes) {
            return Part::NotModified;
        }
        let is_other = |condition: &IfRange| condition.is_modified(Some(tag), None);
        if self.if_range.as_ref().is_some_and(is_other) {
            return Part::Whole;
        }
        // A range that can't be read does not count; several at once are not made.
        let range = self.range.as_deref().unwrap_or_default();
        let ranges = http_range_header::parse_range_header(range);
        let Some(ranges) = ranges.ok().filter(|ranges| ranges.len() == 1) else {
            return Part::Whole;
        };
        let found = ranges.validate(size).ok();
        found
            .and_then(|ranges| ranges.into_iter().next())
            .map_or(Part::Outside, Part::Range)
    }
}

/// Answers with a package's file.
pub(crate) async fn send(
    app: &App,
    package: &Package,
    wanted: &Wanted,
) -> Result<Response, ApiError> {
    let tag = format!("\"{}\"", package.sha256);
    let known: ETag = tag.parse().map_err(|error| ApiError::internal(&error))?;
    let mut file = File::open(app.depot.path(&package.sha256))
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let io = |error| ApiError::internal(&error);
    let size = file.metadata().await.map_err(io)?.len();
    let (status, range) = match wanted.part(&known, size) {
        Part::NotModified => {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        Part::Changed => {
            let message = "The package has other content now than the one that If-Match names; \
                           fetch it anew.";
            return Err(ApiError::new(StatusCode::PRECONDITION_FAILED, message));
        }
        Part::Outside => {
            let message = format!("The package ends before that range: it has {size} bytes.");
            let refusal = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, message);
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((range, refusal).into_response());
        }
        Part::Whole => (StatusCode::OK, 0..=size.saturating_sub(1)),
        Part::Range(range) => (StatusCode::PARTIAL_CONTENT, range),
    };
    let (start, end) = range.into_inner();
    let length = end.saturating_add(1).saturating_sub(start).min(size);
    file.seek(SeekFrom::Start(start)).await.map_err(io)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, attachment(&package.file_name)),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
    ];
    let content = format!("bytes {start}-{end}/{size}");
    let content = (status == StatusCode::PARTIAL_CONTENT).then_some(content);
    let content = content.map(|range| AppendHeaders([(header::CONTENT_RANGE, range)]));
    let body = Body::from_stream(ReaderStream::new(file.take(length)));
    Ok((status, content, headers, body).into_response())
}

/// The name to save it under (RFC 6266), also where ids hold letters outside ASCII.
fn attachment(file_name: &str) -> String {
    let plain = file_name.replace(|c: char| !c.is_ascii(), "_");
    let exact = address::escape(file_name);
    match plain == file_name {
        true => format!("attachment; filename=\"{plain}\""),
        false => format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"),
    }
}
