//! Feeds: where packages come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A feed. The built-in one is `feeds-builtin`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Feed {
    /// `feeds-builtin`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// What people read.
    pub name: String,
    /// `BuiltIn`.
    pub feed_type: String,
    /// Fetched by the server, or by machines.
    pub package_acquisition_location_options: Vec<String>,
    /// `Self`, `SearchPackageVersionsTemplate`.
    pub links: Links,
}
