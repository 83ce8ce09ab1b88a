//! The table for who looks at it from outside: tests, and later the portal.

use super::{
    Role,
    table::{self, Access},
};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `GET` …
    pub method: &'static str,
    /// As the router has it.
    pub pattern: &'static str,
    /// Strangers are served.
    pub is_open: bool,
    /// The permission; `None`: to be known is enough.
    pub permission: Option<String>,
    /// Who asks for themselves needs no permission.
    pub is_own: bool,
    /// Ids of the roles that hold the permission.
    pub roles: Vec<&'static str>,
    /// It is in the OpenAPI document.
    pub is_documented: bool,
}

/// All rows.
pub fn entries() -> Vec<Entry> {
    let entry = |row: &'static table::Row| {
        let permission = match row.access {
            Access::Open | Access::Known => None,
            Access::Needs(permission) | Access::OwnOr(permission) => Some(permission),
        };
        let holds = |role: &Role| permission.is_none_or(|permission| role.grants(permission));
        Entry {
            method: row.method,
            pattern: row.pattern,
            is_open: row.access == Access::Open,
            permission: permission.map(super::Permission::name),
            is_own: matches!(row.access, Access::OwnOr(_)),
            roles: Role::ALL
                .iter()
                .filter(|role| holds(role))
                .map(|role| role.id())
                .collect(),
            is_documented: row.is_documented,
        }
    };
    table::rows().map(entry).collect()
}
