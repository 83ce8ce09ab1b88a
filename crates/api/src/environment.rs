//! Environments: where machines belong.

use serde::{Deserialize, Serialize};

use crate::Links;

/// An environment, such as Staging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Environment {
    /// `Environments-1`.
    pub id: String,
    /// Unique without case.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Position in lists, from 0.
    #[serde(default)]
    pub sort_order: i64,
    /// `Self`, `Machines`.
    #[serde(default)]
    pub links: Links,
}

/// What creates an environment: `POST /api/{space}/environments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewEnvironment {
    /// Unique without case; 1 to 100 characters.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
}
