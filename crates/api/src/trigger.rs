//! Triggers of projects: what is deployed by itself when machines become available.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A trigger, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProjectTrigger {
    /// `ProjectTriggers-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// `Projects-1`; does not change.
    #[schemars(required)]
    pub project_id: String,
    /// Unique in its project without case.
    #[schemars(required)]
    pub name: String,
    /// Free text.
    pub description: String,
    /// Nothing is deployed by it.
    pub is_disabled: bool,
    /// About which machines and what of them.
    pub filter: TriggerFilter,
    /// What is done.
    pub action: TriggerAction,
    /// `Self`, `Project`.
    pub links: Links,
}

/// About which machines a trigger is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct TriggerFilter {
    /// Always `MachineFilter`.
    pub filter_type: FilterType,
    /// Ids or names: only machines of these; empty for all.
    pub environment_ids: Vec<String>,
    /// Only machines with one of these; empty for all.
    pub roles: Vec<String>,
    /// `MachineAvailableForDeployment` and the like: sets of categories.
    pub event_groups: Vec<String>,
    /// `MachineAdded` and the like; without groups and categories all of them.
    pub event_categories: Vec<String>,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum FilterType {
    /// Machines.
    #[default]
    MachineFilter,
}

/// What a trigger does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct TriggerAction {
    /// Always `AutoDeploy`.
    pub action_type: TriggerActionType,
    /// Also machines that have the environment's release already.
    pub should_redeploy_when_machine_has_been_deployed_to: bool,
}

/// What a trigger does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TriggerActionType {
    /// The machine gets the release that its environment has.
    #[default]
    AutoDeploy,
}
