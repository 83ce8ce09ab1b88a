//! People and programs that use the server, and their keys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A user, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct User {
    /// `Users-1`.
    pub id: String,
    /// Such as `admin`; unique without case.
    #[schemars(required)]
    pub username: String,
    /// What people read; the user's name when empty.
    pub display_name: String,
    /// Free text with an `@`, or empty.
    pub email_address: String,
    /// May sign in and use keys; true when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// A program: it has keys and no password.
    pub is_service: bool,
    /// It is who asks.
    pub is_requestor: bool,
    /// False for programs.
    pub can_password_be_edited: bool,
    /// A new password, 8 to 1000 characters. Never comes out.
    #[serde(skip_serializing)]
    pub password: Option<String>,
    /// Always empty: people sign in here by password.
    pub identities: Vec<String>,
    /// `Self`, `ApiKeys`, `Permissions`, `Teams`.
    pub links: Links,
}

/// An API key: `GET /api/users/{id}/apikeys`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiKey {
    /// `APIKeys-1`.
    pub id: String,
    /// `Users-1`.
    pub user_id: String,
    /// What it is for.
    pub purpose: String,
    /// Its beginning.
    pub api_key: KeyHint,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339; `None`: never.
    pub expires: Option<String>,
    /// `Self`.
    pub links: Links,
}

/// What is shown of a key that is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyHint {
    /// Always true.
    pub has_value: bool,
    /// Its first characters.
    pub hint: String,
}

/// What creates a key: `POST /api/users/{id}/apikeys`; the answer alone holds the key itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct NewApiKey {
    /// `APIKeys-1`.
    pub id: String,
    /// `Users-1`.
    pub user_id: String,
    /// What it is for; at most 200 characters on one line.
    pub purpose: String,
    /// `API-…`: shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339, in the future; `None`: never.
    pub expires: Option<String>,
    /// `Self`.
    pub links: Links,
}
