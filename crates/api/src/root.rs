//! `/api`, sign-in and server status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// The version of Octopus Deploy from which on its own clients create releases and deployments the way that is
/// served here, by the requirement that they name themselves.
pub const COMPATIBLE: &str = "2022.3.5512";

/// `GET /api`: the only resource that needs no sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Root {
    /// `Octopus`.
    pub application: String,
    /// [`COMPATIBLE`]: by this one Octopus Deploy's clients decide what they may ask for.
    pub version: String,
    /// The server's own version.
    pub server_version: String,
    /// Version of the REST interface.
    pub api_version: String,
    /// One for each server, and the same after a restart.
    #[serde(default)]
    pub installation_id: String,
    /// Link name → path template.
    #[serde(default)]
    pub links: Links,
}

/// `POST /api/users/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Login {
    /// Such as `admin`.
    pub username: String,
    /// In clear; never logged.
    pub password: String,
}

/// `GET /api/serverstatus`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ServerStatus {
    /// The server's own version.
    pub version: String,
    /// The Tentacle packages that it carries: runtime identifier → version.
    pub tentacle_packages: std::collections::BTreeMap<String, String>,
}

/// `GET /api/configuration/certificates/certificate-global`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ServerCertificate {
    /// `certificate-global`.
    pub id: String,
    /// SHA-256 thumbprint of the certificate that the server presents to Tentacles.
    pub thumbprint: String,
}
