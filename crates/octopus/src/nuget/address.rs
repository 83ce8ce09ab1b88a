//! Absolute addresses: NuGet's answers hold no others.

use std::{convert::Infallible, fmt::Display};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::store::packages::Package;

/// All but the unreserved characters (RFC 3986, section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A part of a path, so that nothing in it ends the part.
pub(crate) fn escape(segment: &str) -> impl Display + '_ {
    utf8_percent_encode(segment, SEGMENT)
}

/// This server as the client wrote it, such as `https://octopus.example.com`.
#[derive(Debug, Clone)]
pub(super) struct Base(pub(super) String);

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        // Behind a proxy that ends TLS.
        let scheme = text("X-Forwarded-Proto").unwrap_or("http");
        let host = text(header::HOST.as_str()).unwrap_or("localhost");
        Ok(Self(format!("{scheme}://{host}")))
    }
}

impl Base {
    /// A file of the flat container: `{id}/{version}/{id}.{version}.nupkg`, all in lower case.
    pub(super) fn content(&self, package: &Package) -> String {
        let (id, version) = (lower(&package.package_id), lower(&package.version));
        format!("{self}/nuget/v3/flat/{id}/{version}/{id}.{version}.nupkg")
    }
}

impl Display for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An id or version as addresses of the v3 protocol have it.
pub(super) fn lower(text: &str) -> String {
    escape(&text.to_lowercase()).to_string()
}
