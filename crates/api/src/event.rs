//! Who changed what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A change that was made: `GET /api/{space}/events`, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Event {
    /// `Events-1`.
    pub id: String,
    /// `Spaces-1`; empty for what belongs to no space.
    pub space_id: String,
    /// RFC 3339.
    pub occurred: String,
    /// Who did it.
    pub username: String,
    /// `Created`, `Modified`, `Deleted` …
    pub category: String,
    /// What was changed.
    pub related_document_ids: Vec<String>,
    /// One sentence.
    pub message: String,
    /// `Self`.
    pub links: Links,
}
