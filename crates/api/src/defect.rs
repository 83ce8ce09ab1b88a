//! Defects of releases: reasons why one is to go no further.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// Why a release was to go no further.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Defect {
    /// `Defects-1`.
    pub id: String,
    /// `Releases-1`.
    pub release_id: String,
    /// What is wrong with it.
    pub description: String,
    /// Whether it still holds the release up.
    pub status: DefectStatus,
    /// When, RFC 3339.
    pub reported: String,
    /// By whom.
    pub reported_by: String,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<String>,
    /// `Release`.
    pub links: Links,
}

/// How a defect stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DefectStatus {
    /// The release goes to no later phase.
    #[default]
    Unresolved,
    /// It holds up nothing any more.
    Resolved,
}

/// `POST /api/{space}/releases/{id}/defects`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct NewDefect {
    /// What is wrong with the release.
    #[schemars(required)]
    pub description: String,
}
