//! Deployments: a release to an environment.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A deployment, also as what creates one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Deployment {
    /// `Deployments-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// `Deploy to Staging`.
    pub name: String,
    /// `Releases-1`.
    #[schemars(required)]
    pub release_id: String,
    /// `Environments-1`.
    #[schemars(required)]
    pub environment_id: String,
    /// `Projects-1`.
    pub project_id: String,
    /// `Channels-1`.
    pub channel_id: String,
    /// `ServerTasks-1`.
    pub task_id: String,
    /// Free text.
    pub comments: String,
    /// When it was made, RFC 3339.
    pub created: String,
    /// Who made it.
    pub deployed_by: String,
    /// Id of a prompted variable → value. Values of sensitive ones never come out.
    pub form_values: BTreeMap<String, String>,
    /// Only these; empty for all.
    pub specific_machine_ids: Vec<String>,
    /// Not these.
    pub excluded_machine_ids: Vec<String>,
    /// Ids of actions that are left out.
    pub skip_actions: Vec<String>,
    /// Whether people are asked about failures; as the project has it when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_guided_failure: Option<bool>,
    /// Packages go to the machines also when those have them already.
    pub force_package_download: bool,
    /// Not before, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_time: Option<String>,
    /// Not after, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_time_expiry: Option<String>,
    /// `Self`, `Task`, `Release`, `Project`, `Environment`.
    pub links: Links,
}

/// `POST /api/{space}/deployments/create/untenanted/v1`: by names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateDeploymentV1 {
    /// Name, slug or id.
    #[schemars(required)]
    pub project_name: String,
    /// The release's number.
    #[schemars(required)]
    pub release_version: String,
    /// Names or ids: one deployment for each.
    #[schemars(required)]
    pub environment_names: Vec<String>,
    /// Names or ids; empty for all.
    pub specific_machine_names: Vec<String>,
    /// Names or ids.
    pub excluded_machine_names: Vec<String>,
    /// Whether people are asked about failures; as the project has it when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_guided_failure: Option<bool>,
    /// Packages go to the machines also when those have them already.
    pub force_package_download: bool,
    /// Names of actions.
    pub skip_step_names: Vec<String>,
    /// Not before, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_at: Option<String>,
    /// Not after, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_run_after: Option<String>,
    /// Name or label of a prompted variable → value.
    pub variables: BTreeMap<String, String>,
    /// The release takes the project's variables as they are now.
    pub update_variable_snapshot: bool,
}

/// What [`CreateDeploymentV1`] is answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreatedDeployments {
    /// One for each environment, in their order.
    pub deployment_server_tasks: Vec<DeploymentServerTask>,
}

/// A deployment and its task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeploymentServerTask {
    /// `Deployments-1`.
    pub deployment_id: String,
    /// `ServerTasks-1`.
    pub server_task_id: String,
}
