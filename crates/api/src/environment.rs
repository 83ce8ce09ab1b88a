//! Environments: where machines belong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// An environment, such as Staging; also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Environment {
    /// `Environments-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its space without case; 1 to 100 characters.
    #[schemars(required)]
    pub name: String,
    /// For addresses.
    pub slug: String,
    /// Free text.
    pub description: String,
    /// Position in lists, from 0.
    pub sort_order: i64,
    /// A failure waits for a person, unless the project says otherwise.
    pub use_guided_failure: bool,
    /// Scripts may add and remove machines.
    pub allow_dynamic_infrastructure: bool,
    /// `Self`, `Machines`.
    pub links: Links,
}

/// What creates an environment: `POST /api/{space}/environments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NewEnvironment {
    /// Unique without case; 1 to 100 characters.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
}
