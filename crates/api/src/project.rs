//! Project groups and projects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A project group, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProjectGroup {
    /// `ProjectGroups-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its space without case.
    #[schemars(required)]
    pub name: String,
    /// Free text.
    pub description: String,
    /// `Self`, `Projects`.
    pub links: Links,
}

/// A project, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Project {
    /// `Projects-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its space without case.
    #[schemars(required)]
    pub name: String,
    /// For addresses, unique in its space; made from the name when empty.
    pub slug: String,
    /// Free text.
    pub description: String,
    /// No new release or deployment.
    pub is_disabled: bool,
    /// Of the same space.
    #[schemars(required)]
    pub project_group_id: String,
    /// Of the same space; channels may name another.
    #[schemars(required)]
    pub lifecycle_id: String,
    /// `variableset-Projects-1`.
    pub variable_set_id: String,
    /// `deploymentprocess-Projects-1`.
    pub deployment_process_id: String,
    /// A release of another channel may go to an environment out of order.
    pub discrete_channel_release: bool,
    /// Always `Untenanted`.
    pub tenanted_deployment_mode: TenantedDeploymentMode,
    /// Always empty.
    pub included_library_variable_set_ids: Vec<String>,
    /// Always false.
    pub is_version_controlled: bool,
    /// `{"Type": "Database"}`.
    pub persistence_settings: PersistenceSettings,
    /// How a new release gets its number.
    pub versioning_strategy: VersioningStrategy,
    /// What becomes of machines that can't be reached.
    pub project_connectivity_policy: ConnectivityPolicy,
    /// Whether a failure waits for a person.
    pub default_guided_failure_mode: GuidedFailureMode,
    /// Notes of a new release; may hold variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_notes_template: Option<String>,
    /// `Self`, `DeploymentProcess`, `Variables`, `Releases`, `Channels`.
    pub links: Links,
}

/// Whether a project deploys for tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TenantedDeploymentMode {
    /// It does not.
    #[default]
    Untenanted,
}

/// Where a project's process is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct PersistenceSettings {
    /// Where.
    pub r#type: PersistenceType,
}

/// Where a project's process is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PersistenceType {
    /// In the server's database.
    #[default]
    Database,
}

/// How a new release gets its number when none is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct VersioningStrategy {
    /// Parts are numbers, `i` (one more than the last release) or `c` (as the last release has it);
    /// Octopus's form with `#{Octopus.Version.LastMajor}` and the like is taken as well.
    pub template: String,
    /// The package whose version is the release's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donor_package: Option<ActionPackage>,
}

impl Default for VersioningStrategy {
    fn default() -> Self {
        let template = "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}";
        Self {
            template: template.to_owned(),
            donor_package: None,
        }
    }
}

/// A package of a process, by where it is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ActionPackage {
    /// Name of the action.
    #[schemars(required)]
    pub deployment_action: String,
    /// Name of the package reference; empty for the action's own package.
    pub package_reference: String,
}

/// What becomes of machines that can't be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectivityPolicy {
    /// Unavailable machines.
    pub skip_machine_behavior: SkipMachineBehavior,
    /// Only machines with one of these roles are skipped; empty for all.
    pub target_roles: Vec<String>,
    /// A deployment that finds no machine succeeds.
    pub allow_deployments_to_no_targets: bool,
    /// Unhealthy machines are passed over as well.
    pub exclude_unhealthy_targets: bool,
}

/// What becomes of unavailable machines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SkipMachineBehavior {
    /// They fail the deployment.
    #[default]
    None,
    /// They are passed over.
    SkipUnavailableMachines,
}

/// Whether a failure waits for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum GuidedFailureMode {
    /// As the environment says.
    #[default]
    EnvironmentDefault,
    /// Never.
    Off,
    /// Always.
    On,
}
