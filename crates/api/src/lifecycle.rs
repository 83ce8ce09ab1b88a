//! Lifecycles: through which environments a release goes, in which order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A lifecycle, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Lifecycle {
    /// `Lifecycles-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its space without case.
    #[schemars(required)]
    pub name: String,
    /// Free text.
    pub description: String,
    /// In order. Without phases a release may go to every environment at any time.
    pub phases: Vec<Phase>,
    /// How long releases are kept.
    pub release_retention_policy: RetentionPeriod,
    /// How long machines keep what was deployed.
    pub tentacle_retention_policy: RetentionPeriod,
    /// `Self`, `Projects`.
    pub links: Links,
}

/// A phase of a lifecycle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Phase {
    /// Given by the server when empty.
    pub id: String,
    /// Unique in its lifecycle without case.
    #[schemars(required)]
    pub name: String,
    /// May be passed over.
    pub is_optional_phase: bool,
    /// So many of its environments must have the release before the next phase; 0 means all.
    pub minimum_environments_before_promotion: u32,
    /// Ids of environments that people deploy to.
    pub optional_deployment_targets: Vec<String>,
    /// Ids of environments that are deployed to as soon as the phase is reached.
    pub automatic_deployment_targets: Vec<String>,
    /// Instead of the lifecycle's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_retention_policy: Option<RetentionPeriod>,
    /// Instead of the lifecycle's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tentacle_retention_policy: Option<RetentionPeriod>,
}

/// How much is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", from = "Given")]
pub struct RetentionPeriod {
    /// So many; 0: all.
    pub quantity_to_keep: u32,
    /// Nothing is ever removed. Left out, it follows from the quantity.
    pub should_keep_forever: bool,
    /// So many of what.
    pub unit: RetentionUnit,
}

impl Default for RetentionPeriod {
    fn default() -> Self {
        Self {
            quantity_to_keep: 0,
            should_keep_forever: true,
            unit: RetentionUnit::Days,
        }
    }
}

/// A retention period as clients send it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
#[schemars(rename = "RetentionPeriod")]
struct Given {
    /// So many; 0: all.
    quantity_to_keep: u32,
    /// Nothing is ever removed. Left out, it follows from the quantity.
    should_keep_forever: Option<bool>,
    /// So many of what.
    unit: RetentionUnit,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            quantity_to_keep: 0,
            should_keep_forever: None,
            unit: RetentionUnit::Days,
        }
    }
}

/// Source: `RetentionPeriod` in github.com/OctopusDeploy/OctopusClients: for ever is what keeps 0.
impl From<Given> for RetentionPeriod {
    fn from(given: Given) -> Self {
        Self {
            quantity_to_keep: given.quantity_to_keep,
            should_keep_forever: given.should_keep_forever == Some(true)
                || given.quantity_to_keep == 0,
            unit: given.unit,
        }
    }
}

/// Of what a retention period counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RetentionUnit {
    /// Days.
    Days,
    /// Releases.
    Items,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_quantity_is_kept_for_ever() {
        for (text, quantity, forever) in [
            ("{}", 0, true),
            (r#"{ "QuantityToKeep": 0 }"#, 0, true),
            (r#"{ "QuantityToKeep": 3 }"#, 3, false),
            (
                r#"{ "QuantityToKeep": 3, "ShouldKeepForever": null }"#,
                3,
                false,
            ),
            (
                r#"{ "QuantityToKeep": 3, "ShouldKeepForever": true }"#,
                3,
                true,
            ),
            (
                r#"{ "QuantityToKeep": 3, "ShouldKeepForever": false }"#,
                3,
                false,
            ),
            // Nobody keeps nothing at all.
            (
                r#"{ "QuantityToKeep": 0, "ShouldKeepForever": false }"#,
                0,
                true,
            ),
        ] {
            let read: RetentionPeriod = serde_json::from_str(text).unwrap();
            let found = (read.quantity_to_keep, read.should_keep_forever);
            assert_eq!(found, (quantity, forever), "{text}");
        }
    }
}
