//! Releases: a number, the chosen packages, and the process and variables as they were.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{BuildInformation, DeploymentProcess, Links, variables::VariableSet};

/// A release, also as what creates one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Release {
    /// `Releases-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// Unique in its project without case; made by the project's template when empty.
    pub version: String,
    /// `Projects-1`.
    #[schemars(required)]
    pub project_id: String,
    /// `Channels-1`; the project's default one when empty.
    pub channel_id: String,
    /// Markdown.
    pub release_notes: String,
    /// The channel's rules were passed over.
    pub ignore_channel_rules: bool,
    /// Which version of each package; the newest that the channel lets in when absent.
    pub selected_packages: Vec<SelectedPackage>,
    /// When it was made, RFC 3339.
    pub assembled: String,
    /// The process as it was: part of the release.
    pub project_deployment_process_snapshot_id: String,
    /// What builds had told of its packages when it was made.
    pub build_information: Vec<BuildInformation>,
    /// The variables as they were: part of the release.
    pub project_variable_set_snapshot_id: String,
    /// What the server keeps with it, and never shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub snapshot: Option<Box<Snapshot>>,
    /// `Self`, `Project`, `Deployments`.
    pub links: Links,
}

/// The project as it was when the release was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Snapshot {
    /// The process, with its secrets sealed.
    pub process: DeploymentProcess,
    /// The variables, with the sensitive ones sealed.
    pub variables: VariableSet,
}

/// The version of one package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelectedPackage {
    /// Name of the action; older clients call it `StepName`.
    #[serde(alias = "StepName")]
    pub action_name: String,
    /// Empty for the action's own package.
    pub package_reference_name: String,
    /// NuGet version.
    #[schemars(required)]
    pub version: String,
}

/// `POST /api/{space}/releases/create/v1`: by names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateReleaseV1 {
    /// Name, slug or id.
    #[schemars(required)]
    pub project_name: String,
    /// The version of each package that is not named.
    pub package_version: String,
    /// The release's number.
    pub release_version: String,
    /// Name or id.
    pub channel_name: String,
    /// `Step:1.0.0`, `Package.Id:1.0.0`, or `Step:Package:1.0.0`; `*` stands for all.
    pub packages: Vec<String>,
    /// Markdown.
    pub release_notes: String,
    /// Answers the release that is there.
    pub ignore_if_already_exists: bool,
    /// Takes versions that the channel does not let in.
    pub ignore_channel_rules: bool,
}

/// What [`CreateReleaseV1`] is answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreatedRelease {
    /// `Releases-1`.
    pub release_id: String,
    /// Its number.
    pub release_version: String,
}
