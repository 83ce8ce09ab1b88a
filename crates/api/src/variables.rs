//! Variables of a project, with the scopes in which each value holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// All variables of one owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct VariableSet {
    /// `variableset-Projects-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// `Projects-1`.
    pub owner_id: String,
    /// Goes up with each change; a change must name the version that it changes.
    pub version: i64,
    /// In order; a name may come again with another scope.
    #[schemars(required)]
    pub variables: Vec<Variable>,
    /// What scopes may name; made by the server.
    pub scope_values: ScopeValues,
    /// `Self`, `Project`.
    pub links: Links,
}

/// One value of a variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Variable {
    /// Given by the server when empty.
    pub id: String,
    /// Such as `Database.Host`.
    #[schemars(required)]
    pub name: String,
    /// Absent for a sensitive one: it goes in, and never comes out.
    pub value: Option<String>,
    /// Free text.
    pub description: String,
    /// Where it holds.
    pub scope: VariableScope,
    /// `String`, or `Sensitive`, which is the same as `IsSensitive`.
    pub r#type: VariableType,
    /// The value is never shown.
    pub is_sensitive: bool,
    /// People may change it.
    pub is_editable: bool,
    /// Asked for when a deployment is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Prompt>,
}

/// What a variable's value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum VariableType {
    /// Text.
    #[default]
    String,
    /// Text that is never shown.
    Sensitive,
}

/// How a variable is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Prompt {
    /// What people read.
    pub label: String,
    /// More of it.
    pub description: String,
    /// No deployment without it.
    pub required: bool,
}

/// Where a value holds: ids, except of roles. Empty lists mean everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct VariableScope {
    /// `Environments-1` …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<String>,
    /// `Machines-1` …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub machine: Vec<String>,
    /// Names of roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<String>,
    /// Ids of actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub action: Vec<String>,
    /// `Channels-1` …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<String>,
    /// Ids of processes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub process_owner: Vec<String>,
}

/// What scopes may name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScopeValues {
    /// Environments of the space.
    pub environments: Vec<Reference>,
    /// Machines of the space.
    pub machines: Vec<Reference>,
    /// Actions of the process.
    pub actions: Vec<Reference>,
    /// Roles of machines.
    pub roles: Vec<Reference>,
    /// Channels of the project.
    pub channels: Vec<Reference>,
    /// The deployment process.
    pub processes: Vec<Reference>,
}

/// Something by id and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Reference {
    /// Such as `Environments-1`.
    pub id: String,
    /// What people read.
    pub name: String,
}
