//! Channels: which versions a release may hold, and which lifecycle it follows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ActionPackage, Links};

/// A channel of a project, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Channel {
    /// `Channels-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its project without case.
    #[schemars(required)]
    pub name: String,
    /// Free text.
    pub description: String,
    /// `Projects-1`.
    #[schemars(required)]
    pub project_id: String,
    /// Instead of the project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle_id: Option<String>,
    /// Taken when a release names none.
    pub is_default: bool,
    /// Versions that packages of a release may have.
    pub rules: Vec<ChannelRule>,
    /// Always empty.
    pub tenant_tags: Vec<String>,
    /// `Self`, `Releases`, `Project`.
    pub links: Links,
}

/// Versions that some packages may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ChannelRule {
    /// Given by the server when empty.
    pub id: String,
    /// NuGet's notation, such as `[1.0,2.0)`; empty for all.
    pub version_range: String,
    /// A regular expression over the prerelease part; empty for all.
    pub tag: String,
    /// The packages that it is about.
    pub action_packages: Vec<ActionPackage>,
}
