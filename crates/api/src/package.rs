//! Packages of the built-in feed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// One version of a package: `GET /api/{space}/packages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Package {
    /// `packages-Acme.Web.1.2.0`.
    pub id: String,
    /// Such as `Acme.Web`.
    pub package_id: String,
    /// NuGet version, normalised.
    pub version: String,
    /// From the nuspec.
    #[serde(default)]
    pub title: String,
    /// From the nuspec.
    #[serde(default)]
    pub description: String,
    /// `.nupkg`.
    pub file_extension: String,
    /// Bytes of the archive.
    pub package_size_bytes: u64,
    /// SHA-256 of the archive, hexadecimal.
    pub hash: String,
    /// When it was pushed, RFC 3339.
    pub published: String,
    /// `Self`, `Raw`.
    #[serde(default)]
    pub links: Links,
}

/// A version in `GET /api/{space}/feeds/feeds-builtin/packages/versions?packageId=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PackageVersion {
    /// Such as `Acme.Web`.
    pub package_id: String,
    /// NuGet version, normalised.
    pub version: String,
    /// When it was pushed, RFC 3339.
    pub published: String,
    /// Bytes of the archive.
    pub size_bytes: u64,
}
