//! Scripts, styles and pictures, embedded in the program.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// A file that pages refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The content.
    pub bytes: &'static [u8],
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// For the `ETag` header, with its quotes. Changes with the content.
    pub etag: String,
    name: &'static str,
    version: String,
}

/// For the `Cache-Control` header: [`url`] changes with the content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        embed("app.css", STYLE, include_bytes!("../../assets/app.css")),
        embed("app.js", JAVASCRIPT, include_bytes!("../../assets/app.js")),
        embed(
            "favicon.svg",
            PICTURE,
            include_bytes!("../../assets/favicon.svg"),
        ),
        embed(
            "htmx.LICENSE",
            TEXT,
            include_bytes!("../../assets/htmx.LICENSE"),
        ),
        embed(
            "htmx.min.js",
            JAVASCRIPT,
            include_bytes!("../../assets/htmx.min.js"),
        ),
        embed(
            "hx-sse.min.js",
            JAVASCRIPT,
            include_bytes!("../../assets/hx-sse.min.js"),
        ),
        embed("log.js", JAVASCRIPT, include_bytes!("../../assets/log.js")),
        embed("logo.svg", PICTURE, include_bytes!("../../assets/logo.svg")),
    ]
});

/// The file at `/assets/{path}`; `None` when there is none.
pub fn asset(path: &str) -> Option<Asset> {
    ASSETS.iter().find(|asset| asset.name == path).cloned()
}

/// Names of all files, for those who write them somewhere.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|asset| asset.name)
}

/// The address that pages use: `/assets/app.css?v=…`, new for every content.
pub fn url(name: &str) -> String {
    match asset(name) {
        Some(asset) => format!("/assets/{name}?v={}", asset.version),
        None => format!("/assets/{name}"),
    }
}

fn embed(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let version = Sha256::digest(bytes)
        .iter()
        .take(8)
        .fold(String::new(), |mut hex, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    let etag = format!("\"{version}\"");
    Asset {
        bytes,
        content_type,
        etag,
        name,
        version,
    }
}
