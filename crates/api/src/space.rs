//! Spaces: each has its own environments, projects and everything that belongs to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A space, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Space {
    /// `Spaces-1`.
    pub id: String,
    /// Unique without case; 1 to 100 characters.
    #[schemars(required)]
    pub name: String,
    /// For addresses; made from the name when empty.
    pub slug: String,
    /// Free text.
    pub description: String,
    /// Used by clients that name none.
    pub is_default: bool,
    /// No new task begins.
    pub task_queue_stopped: bool,
    /// Ids of teams.
    pub space_managers_teams: Vec<String>,
    /// Ids of users.
    pub space_managers_team_members: Vec<String>,
    /// `Self` and the space's collections.
    pub links: Links,
}
