//! Tasks: everything that takes time on the server.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum TaskName {
    /// Upgrades Tentacles.
    Upgrade,
    /// Checks machines now.
    Health,
    /// Pushes one package to machines, without a project.
    DeployPackage,
    /// Runs a script on machines, without a project.
    AdHocScript,
    /// Deploys a release; made by posting a deployment.
    Deploy,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum TaskState {
    /// Waits for a runner.
    Queued,
    /// Is being worked on.
    Executing,
    /// Ended well on every machine.
    Success,
    /// Ended, and at least one machine failed.
    Failed,
    /// Ended because a person asked for it.
    Canceled,
    /// Is being cancelled.
    Cancelling,
}

impl TaskState {
    /// Nothing will change any more.
    pub fn is_completed(self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Canceled)
    }
}

/// What a task is to work on. Which fields count depends on its name; ids or names are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskArguments {
    /// `Upgrade`, `Health`: all machines of this environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<String>,
    /// `Upgrade`, `Health`, `DeployPackage`: these machines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub machine_ids: Vec<String>,
    /// `Upgrade`: a version of the feed instead of the one that the server carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `Deploy`: the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment_id: Option<String>,
    /// `DeployPackage`, `AdHocScript`: all machines of these environments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environment_ids: Vec<String>,
    /// `DeployPackage`, `AdHocScript`: only machines that have one of these roles.
    #[serde(skip_serializing_if = "Vec::is_empty", alias = "TargetRoles")]
    pub roles: Vec<String>,
    /// `AdHocScript`: the script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_body: Option<String>,
    /// `AdHocScript`: `Bash`, `Python` or `PowerShell`; Bash when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syntax: Option<String>,
    /// `DeployPackage`: the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_id: Option<String>,
    /// `DeployPackage`: its version; the newest when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_version: Option<String>,
    /// `DeployPackage`: variable name → value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// `DeployPackage`: names of the variables whose values no log may show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sensitive_variables: Vec<String>,
}

/// What starts a task: `POST /api/{space}/tasks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NewTask {
    /// What it does.
    pub name: TaskName,
    /// One sentence for lists; made from the arguments when empty.
    #[serde(default)]
    pub description: String,
    /// What it works on. Absent: everything (`Upgrade` and `Health` only).
    #[serde(default)]
    pub arguments: TaskArguments,
}

/// A task: `GET /api/{space}/tasks/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Task {
    /// `ServerTasks-1`.
    pub id: String,
    /// What it does.
    pub name: TaskName,
    /// One sentence for lists.
    pub description: String,
    /// What it works on; values of sensitive variables are left out.
    pub arguments: TaskArguments,
    /// How it stands.
    pub state: TaskState,
    /// RFC 3339.
    pub queue_time: String,
    /// RFC 3339.
    #[serde(default)]
    pub start_time: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub completed_time: Option<String>,
    /// Same as `state.is_completed()`.
    pub is_completed: bool,
    /// Same as `state == Success`.
    pub finished_successfully: bool,
    /// Why it failed; empty otherwise.
    #[serde(default)]
    pub error_message: String,
    /// Such as `1 m 12 s`.
    #[serde(default)]
    pub duration: String,
    /// It waits for people, see `/api/{space}/interruptions`.
    #[serde(default)]
    pub has_pending_interruptions: bool,
    /// Its log has lines that warn or tell of errors.
    #[serde(default)]
    pub has_warnings_or_errors: bool,
    /// It has begun.
    #[serde(default)]
    pub has_been_picked_up_by_processor: bool,
    /// It has ended, and can be done again.
    #[serde(default)]
    pub can_rerun: bool,
    /// `Self`, `Details`, `Raw`, `Cancel`.
    #[serde(default)]
    pub links: Links,
}
