//! Error bodies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What every refused request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorBody {
    /// One sentence: what was wrong and what to do.
    pub error_message: String,
    /// One entry per mistake, each naming field, value and rule.
    #[serde(default)]
    pub errors: Vec<String>,
}
