//! Machines: deployment targets, each with a Tentacle.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// Whether a machine can be deployed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum HealthStatus {
    /// Never checked.
    Unknown,
    /// It answered the last check.
    Healthy,
    /// It answered, and reported a fault.
    Unhealthy,
    /// It did not answer the last check.
    Unavailable,
}

/// Who dials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CommunicationStyle {
    /// Tentacle listens, the server dials.
    TentaclePassive,
    /// Tentacle polls: it dials the server.
    TentacleActive,
}

/// How a machine is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Endpoint {
    /// Who dials.
    pub communication_style: CommunicationStyle,
    /// `https://host:10933/`.
    pub uri: String,
    /// SHA-256 thumbprint of Tentacle's certificate, 64 hexadecimal digits.
    pub thumbprint: String,
    /// What the last check saw.
    #[serde(default)]
    pub tentacle_version_details: TentacleVersionDetails,
}

/// Versions on a machine, as of the last check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct TentacleVersionDetails {
    /// The running version; `None` before the first check.
    pub version: Option<String>,
    /// The version that the server carries, when it is newer than the running one.
    pub available_version: Option<String>,
    /// Same as `available_version.is_some()`.
    pub upgrade_suggested: bool,
    /// `None`, or what an upgrade is doing or came to.
    pub upgrade_status: Option<UpgradeStatus>,
    /// Every version that Suction Cup knows, newest first.
    pub versions: Vec<VersionRecord>,
}

/// How an upgrade of a machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum UpgradeStatus {
    /// A task is at work on it.
    Upgrading,
    /// The newest version tried was rolled back.
    RolledBack,
}

/// What became of one installed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct VersionRecord {
    /// NuGet version.
    pub version: String,
    /// `Good`, `Trial` or `Bad`.
    pub standing: String,
    /// For bad ones: `crashed`, `unconfirmed`, `unhealthy`.
    #[serde(default)]
    pub reason: String,
    /// For bad ones: one sentence.
    #[serde(default)]
    pub detail: String,
    /// For bad ones: what the failed run printed last, oldest first.
    #[serde(default)]
    pub last_lines: Vec<String>,
}

/// A deployment target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Machine {
    /// `Machines-1`.
    pub id: String,
    /// Unique without case.
    pub name: String,
    /// Ids of its environments.
    pub environment_ids: Vec<String>,
    /// Its roles (target tags).
    pub roles: Vec<String>,
    /// How it is reached, and its versions.
    pub endpoint: Endpoint,
    /// As of the last check.
    pub health_status: HealthStatus,
    /// One sentence about the last check.
    #[serde(default)]
    pub status_summary: String,
    /// When it last answered, RFC 3339.
    #[serde(default)]
    pub last_seen: Option<String>,
    /// Such as `linux-x64`.
    #[serde(default)]
    pub rid: Option<String>,
    /// Such as `Linux 6.1`.
    #[serde(default)]
    pub operating_system: Option<String>,
    /// `Spaces-1`.
    #[serde(default)]
    pub space_id: String,
    /// Nothing is deployed to it.
    #[serde(default)]
    pub is_disabled: bool,
    /// Always `MachinePolicies-1`: all machines are checked alike.
    #[serde(default)]
    pub machine_policy_id: String,
    /// What deploys packages is part of Tentacle: true when Tentacle is up to date.
    #[serde(default)]
    pub has_latest_calamari: bool,
    /// A task is at work on Tentacle itself.
    #[serde(default)]
    pub is_in_process: bool,
    /// As in the endpoint.
    #[serde(default)]
    pub uri: String,
    /// As in the endpoint.
    #[serde(default)]
    pub thumbprint: String,
    /// `Self`, `Tasks`.
    #[serde(default)]
    pub links: Links,
}

/// What registers a machine: `POST /api/{space}/machines`. A machine with the same
/// name and thumbprint is updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NewMachine {
    /// Unique without case; 1 to 100 characters.
    pub name: String,
    /// Ids or names of existing environments, at least one.
    pub environment_ids: Vec<String>,
    /// At least one role.
    pub roles: Vec<String>,
    /// How it is reached.
    pub endpoint: Endpoint,
    /// Nothing is to be deployed to it.
    #[serde(default)]
    pub is_disabled: bool,
}

/// Who answers at an address: `GET /api/{space}/machines/discover?host=&port=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DiscoveredMachine {
    /// The host's name.
    pub name: String,
    /// How it would be reached; to be compared with what the machine itself says.
    pub endpoint: Endpoint,
    /// `Links` of what would register it.
    #[serde(default)]
    pub links: Links,
}

/// How the link to a machine is: `GET /api/{space}/machines/{id}/connection`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct MachineConnection {
    /// `Machines-1`.
    pub machine_id: String,
    /// `Online`, `Offline`, or `Unknown` before the first check.
    pub status: String,
    /// One sentence about the last check.
    pub summary: String,
    /// The running version.
    pub current_tentacle_version: Option<String>,
    /// RFC 3339.
    pub last_checked: Option<String>,
    /// RFC 3339.
    pub last_seen: Option<String>,
    /// `Self`, `Machine`.
    pub links: Links,
}
