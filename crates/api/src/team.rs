//! Teams, roles, and which team has which role where.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// A team, also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Team {
    /// `Teams-1`.
    pub id: String,
    /// Unique without case.
    #[schemars(required)]
    pub name: String,
    /// Free text.
    pub description: String,
    /// Ids or names of users.
    pub member_user_ids: Vec<String>,
    /// False for the team of the administrators.
    pub can_be_deleted: bool,
    /// False for the team of the administrators.
    pub can_be_renamed: bool,
    /// False for the team of the administrators.
    pub can_change_roles: bool,
    /// Always true.
    pub can_change_members: bool,
    /// `Self`, `ScopedUserRoles`.
    pub links: Links,
}

/// A role of a team, and where it has it; also as what creates or changes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScopedUserRole {
    /// `ScopedUserRoles-1`.
    pub id: String,
    /// `Teams-1`.
    #[schemars(required)]
    pub team_id: String,
    /// `userroles-projectdeployer`.
    #[schemars(required)]
    pub user_role_id: String,
    /// `Spaces-1`; `None`: in all spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_id: Option<String>,
    /// Deployments to these environments alone; empty for all.
    pub environment_ids: Vec<String>,
    /// Must be empty: roles are limited by spaces and environments.
    pub project_ids: Vec<String>,
    /// Must be empty.
    pub project_group_ids: Vec<String>,
    /// Must be empty.
    pub tenant_ids: Vec<String>,
    /// `Self`, `Team`, `UserRole`.
    pub links: Links,
}

/// A role: `GET /api/userroles`. They are fixed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct UserRole {
    /// `userroles-systemadministrator`.
    pub id: String,
    /// What people read.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Permissions that count in the spaces of the role.
    pub granted_space_permissions: Vec<String>,
    /// Permissions that count when the role is in all spaces.
    pub granted_system_permissions: Vec<String>,
    /// `Environments` for those that can be limited so.
    pub supported_restrictions: Vec<String>,
    /// False.
    pub can_be_deleted: bool,
    /// `Self`.
    pub links: Links,
}

/// What a user may do: `GET /api/users/{id}/permissions`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct UserPermissions {
    /// `Users-1`.
    pub id: String,
    /// Permission → where it counts.
    pub space_permissions: BTreeMap<String, Vec<Restriction>>,
    /// Permissions outside of spaces.
    pub system_permissions: Vec<String>,
    /// The user's teams.
    pub teams: Vec<NamedReference>,
    /// Always true.
    pub is_permissions_complete: bool,
    /// `Self`.
    pub links: Links,
}

/// Where a permission counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Restriction {
    /// `Spaces-1`; `None`: in all.
    pub space_id: Option<String>,
    /// Empty for all.
    pub restricted_to_environment_ids: Vec<String>,
}

/// An id with what people call it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct NamedReference {
    /// Such as `Teams-1`.
    pub id: String,
    /// What people read.
    pub name: String,
}
