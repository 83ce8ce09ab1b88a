//! How far releases have come, and what a deployment would do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Channel, Form, Links, Release, TaskState};

/// An environment or machine by id and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Reference {
    /// `Environments-1`.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// `GET /api/{space}/projects/{id}/progression`: the newest releases, and where each is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProjectProgression {
    /// Those that the project's lifecycles name.
    pub environments: Vec<Reference>,
    /// The same, by channel.
    pub channel_environments: BTreeMap<String, Vec<Reference>>,
    /// The newest first.
    pub releases: Vec<ReleaseProgression>,
}

/// A release in a [`ProjectProgression`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReleaseProgression {
    /// The release.
    pub release: Release,
    /// Its channel.
    pub channel: Channel,
    /// Environment → the newest deployment there first.
    pub deployments: BTreeMap<String, Vec<DeployedItem>>,
    /// Where it may go next.
    pub next_deployments: Vec<String>,
    /// It goes to no later phase.
    pub has_unresolved_defect: bool,
}

/// A deployment, as overviews show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DeployedItem {
    /// `Deployments-1`.
    pub id: String,
    /// The same.
    pub deployment_id: String,
    /// `Projects-1`.
    pub project_id: String,
    /// `Environments-1`.
    pub environment_id: String,
    /// `Releases-1`.
    pub release_id: String,
    /// Its number.
    pub release_version: String,
    /// `ServerTasks-1`.
    pub task_id: String,
    /// How the task stands.
    pub state: TaskState,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339.
    pub queue_time: String,
    /// RFC 3339.
    pub completed_time: Option<String>,
    /// Why it failed.
    pub error_message: String,
    /// It waits for people.
    pub has_pending_interruptions: bool,
    /// Its log warns or tells of errors.
    pub has_warnings_or_errors: bool,
    /// Nothing will change any more.
    pub is_completed: bool,
    /// `Self`, `Task`.
    pub links: Links,
}

/// `GET /api/{space}/releases/{id}/progression`: phase after phase.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct LifecycleProgression {
    /// In order.
    pub phases: Vec<PhaseProgression>,
    /// Where it may go and has not been.
    pub next_deployments: Vec<String>,
    /// How many more environments the present phase needs.
    pub next_deployments_minimum_required: usize,
}

/// A phase in a [`LifecycleProgression`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PhaseProgression {
    /// The phase's.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// An earlier phase is not complete.
    pub blocked: bool,
    /// How far it is.
    pub progress: PhaseProgress,
    /// May be passed over.
    pub is_optional_phase: bool,
    /// So many of its environments must have the release; 0 means all.
    pub minimum_environments_before_promotion: usize,
    /// Ids.
    pub automatic_deployment_targets: Vec<String>,
    /// Ids.
    pub optional_deployment_targets: Vec<String>,
    /// The newest in each environment.
    pub deployments: Vec<DeployedItem>,
}

/// How far a phase is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PhaseProgress {
    /// Not begun.
    #[default]
    Pending,
    /// Some of what it needs.
    Current,
    /// All of what it needs.
    Complete,
}

/// `GET /api/{space}/releases/{id}/deployments/template`: where a release may go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentTemplate {
    /// `Releases-1`.
    pub release_id: String,
    /// Markdown.
    pub deployment_notes: String,
    /// The project's variables have changed since.
    pub is_variable_set_modified: bool,
    /// Where it may go now.
    pub promote_to: Vec<PromotionTarget>,
}

/// An environment of a [`DeploymentTemplate`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PromotionTarget {
    /// `Environments-1`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `Preview`.
    pub links: Links,
}

/// `GET /api/{space}/releases/{id}/deployments/preview/{environment}`: what a deployment would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentPreview {
    /// In order.
    pub steps_to_execute: Vec<PreviewStep>,
    /// Variables that are asked for.
    pub form: Form,
    /// People are asked about failures, unless the deployment says otherwise.
    pub use_guided_failure_mode_by_default: bool,
    /// What is left out, and why it could not begin.
    pub notes: Vec<String>,
}

/// A step of a [`DeploymentPreview`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PreviewStep {
    /// The action's id.
    pub action_id: String,
    /// What people call it.
    pub action_name: String,
    /// `1`, `2.1`.
    pub action_number: String,
    /// Of its machines.
    pub roles: Vec<String>,
    /// Where it runs.
    pub machines: Vec<Reference>,
    /// The same, by name.
    pub machine_names: Vec<String>,
    /// It needs machines, and there is none.
    pub has_no_applicable_machines: bool,
    /// A deployment may leave it out.
    pub can_be_skipped: bool,
}
