//! Package files on their way out: whole, in part, or not again (RFC 9110, sections 13 and 14).
//!
//! The name of the content, its SHA-256, is the entity tag; the date of the push is that of the
//! last change.

use std::{
    convert::Infallible,
    io,
    ops::{Range, RangeInclusive},
    time::{Duration, SystemTime},
};

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{Method, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Response},
};
use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
    LastModified,
};

use super::address;
use crate::{app::App, depot, error::ApiError, store::packages::Package};

/// Under which conditions, and how much of it, the content is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    if_match: Option<IfMatch>,
    if_unmodified_since: Option<IfUnmodifiedSince>,
    if_none_match: Option<IfNoneMatch>,
    if_modified_since: Option<IfModifiedSince>,
    if_range: Option<IfRange>,
    range: Option<String>,
    /// Nothing but the answer's head is wanted.
    is_head: bool,
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let range = parts.headers.get(header::RANGE);
        let range = range.and_then(|value| value.to_str().ok());
        Ok(Self {
            if_match: parts.headers.typed_get(),
            if_unmodified_since: parts.headers.typed_get(),
            if_none_match: parts.headers.typed_get(),
            if_modified_since: parts.headers.typed_get(),
            if_range: parts.headers.typed_get(),
            // No other method has ranges (section 14.2).
            range: range
                .filter(|_| parts.method == Method::GET)
                .map(str::to_owned),
            is_head: parts.method == Method::HEAD,
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
    fn part(&self, tag: &ETag, changed: SystemTime, size: u64) -> Part {
        // A tag counts before a date.
        let is_same = match (&self.if_match, &self.if_unmodified_since) {
            (Some(tags), _) => tags.precondition_passes(tag),
            (None, Some(date)) => date.precondition_passes(changed),
            (None, None) => true,
        };
        if !is_same {
            return Part::Changed;
        }
        let is_new = match (&self.if_none_match, &self.if_modified_since) {
            (Some(tags), _) => tags.precondition_passes(tag),
            (None, Some(date)) => date.is_modified(changed),
            (None, None) => true,
        };
        if !is_new {
            return Part::NotModified;
        }
        let date = LastModified::from(changed);
        let is_other = |condition: &IfRange| condition.is_modified(Some(tag), Some(&date));
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

/// A file among the packages.
pub(crate) struct Content<'a> {
    /// SHA-256, hexadecimal.
    pub(crate) sha256: &'a str,
    /// Under which it is saved.
    pub(crate) file_name: &'a str,
    /// Bytes.
    pub(crate) size: i64,
    /// Since when it is here; milliseconds since 1970.
    pub(crate) since: i64,
}

impl<'a> From<&'a Package> for Content<'a> {
    fn from(package: &'a Package) -> Self {
        Self {
            sha256: &package.sha256,
            file_name: &package.file_name,
            size: package.size,
            since: package.published_at,
        }
    }
}

/// Answers with a file.
pub(crate) async fn send(
    app: &App,
    content: Content<'_>,
    wanted: &Wanted,
) -> Result<Response, ApiError> {
    let tag = format!("\"{}\"", content.sha256);
    let known: ETag = tag.parse().map_err(|error| ApiError::internal(&error))?;
    let size = u64::try_from(content.size).unwrap_or(0);
    let changed = changed(content.since);
    let (status, range) = match wanted.part(&known, changed, size) {
        Part::NotModified => {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        Part::Changed => {
            let message = "The package has other content now than the one that the request names; \
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
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, attachment(content.file_name)),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
    ];
    let of = format!("bytes {start}-{end}/{size}");
    let range = (status == StatusCode::PARTIAL_CONTENT).then_some(of);
    let range = range.map(|range| AppendHeaders([(header::CONTENT_RANGE, range)]));
    let part = (status == StatusCode::PARTIAL_CONTENT).then(|| start..start + length);
    let body = body(app, &content, part, wanted.is_head).await?;
    let mut response = (status, range, headers, body).into_response();
    response
        .headers_mut()
        .typed_insert(LastModified::from(changed));
    Ok(response)
}

/// The content, or a part of it; one of another size than was pushed is not given out.
async fn body(
    app: &App,
    content: &Content<'_>,
    part: Option<Range<u64>>,
    is_head: bool,
) -> Result<Body, ApiError> {
    let (size, body) = if is_head {
        let size = app.depot.size(content.sha256).await?;
        (size.unwrap_or(0), Body::empty())
    } else {
        let reading = app.depot.read(content.sha256, part).await?;
        let body = match reading.part {
            depot::Part::Memory(bytes) => Body::from(bytes),
            depot::Part::Stream(bytes) => Body::from_stream(bytes),
        };
        (reading.size, body)
    };
    if i64::try_from(size).ok() != Some(content.size) {
        let place = app.depot.name(content.sha256);
        let damaged = format!("{place} has {size} bytes instead of {}", content.size);
        return Err(ApiError::internal(&io::Error::other(damaged)));
    }
    Ok(body)
}

/// Since when it is here, in whole seconds, which is all that dates of requests can say.
fn changed(since: i64) -> SystemTime {
    let seconds = u64::try_from(since).unwrap_or(0) / 1000;
    let changed = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    changed.unwrap_or(SystemTime::UNIX_EPOCH)
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
