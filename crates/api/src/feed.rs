//! Feeds: where packages come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Links, SensitiveValue};

/// A feed, also as what creates or changes one. The built-in one is `feeds-builtin`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Feed {
    /// `Feeds-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// What people read; unique in its space without case.
    #[schemars(required)]
    pub name: String,
    /// `NuGet`, or `BuiltIn` for the one that is there.
    pub feed_type: String,
    /// `NuGet`: `https://host/v3/index.json` or an address of protocol 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed_uri: Option<String>,
    /// `NuGet`: whom the feed asks for a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `NuGet`: goes in, never comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<SensitiveValue>,
    /// Kept as it was given.
    pub enhanced_mode: bool,
    /// How often a download is tried, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_attempts: Option<u32>,
    /// Seconds between two tries, 0 to 3600.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_retry_backoff_seconds: Option<u32>,
    /// Fetched by the server, or by machines.
    pub package_acquisition_location_options: Vec<String>,
    /// `Self`, `SearchPackagesTemplate`, `SearchPackageVersionsTemplate`, `NotesTemplate`.
    pub links: Links,
}

/// A package of a feed: `GET /api/{space}/feeds/{id}/packages/search?term=`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct FoundPackage {
    /// The package's id.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Of the newest version.
    pub description: String,
    /// The newest version.
    pub latest_version: String,
    /// `Versions`.
    pub links: Links,
}

/// What a version's author says of it: `GET …/packages/notes?packageId=&version=`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PackageNotes {
    /// The package's id.
    pub package_id: String,
    /// NuGet version.
    pub version: String,
    /// RFC 3339.
    pub published: String,
    /// Markdown; empty for none.
    pub notes: String,
}
