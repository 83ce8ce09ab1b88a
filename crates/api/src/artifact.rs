//! Files that scripts wanted to be kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A file of a task: `GET /api/{space}/artifacts?regarding=ServerTasks-1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Artifact {
    /// `Artifacts-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// As the script called it.
    pub filename: String,
    /// `ServerTasks-1`.
    pub server_task_id: String,
    /// `Machines-1`: where it was made.
    pub source: String,
    /// Bytes.
    pub size: u64,
    /// RFC 3339.
    pub created: String,
    /// `Self`, and `Content`: the file itself.
    pub links: Links,
}
