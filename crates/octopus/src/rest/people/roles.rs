//! Roles, and what they come to for one user.

use std::collections::BTreeMap;

use api::{Links, NamedReference, Page, Restriction, UserPermissions, UserRole};
use axum::Json;

use super::users::find;
use crate::{
    access::{Permission, Role, Where},
    error::ApiError,
    lookup,
    rest::call::{Call, Paging, space_id},
};

fn resource(role: Role) -> UserRole {
    let granted = |is_system: bool| {
        let all = Permission::ALL.into_iter();
        all.filter(|permission| permission.is_system() == is_system && role.grants(*permission))
            .map(Permission::name)
            .collect()
    };
    let own = format!("/api/userroles/{}", role.id());
    UserRole {
        id: role.id().to_owned(),
        name: role.name().to_owned(),
        description: role.description().to_owned(),
        granted_space_permissions: granted(false),
        granted_system_permissions: granted(true),
        supported_restrictions: match role {
            Role::Deployer => vec!["Environments".to_owned()],
            _ => Vec::new(),
        },
        can_be_deleted: false,
        links: Links::from([("Self".to_owned(), own)]),
    }
}

pub(super) async fn list(_call: Call, paging: Paging) -> Json<Page<UserRole>> {
    let part = paging.word("partialname").to_lowercase();
    let ids = paging.list("ids");
    let mut roles: Vec<UserRole> = Role::ALL.into_iter().map(resource).collect();
    roles.retain(|role| {
        role.name.to_lowercase().contains(&part)
            && (ids.is_empty() || ids.iter().any(|id| id.eq_ignore_ascii_case(&role.id)))
    });
    Json(paging.cut("UserRole", roles))
}

pub(super) async fn all(_call: Call) -> Json<Vec<UserRole>> {
    Json(Role::ALL.into_iter().map(resource).collect())
}

pub(super) async fn one(call: Call) -> Result<Json<UserRole>, ApiError> {
    match Role::find(call.id()) {
        Some(role) => Ok(Json(resource(role))),
        None => Err(ApiError::not_found("role", call.id())),
    }
}

/// `GET /api/users/{id}/permissions`
pub(super) async fn of_user(call: Call) -> Result<Json<UserPermissions>, ApiError> {
    let user = find(&call).await?.id;
    let rights = &call.caller.rights;
    let mut space_permissions = BTreeMap::new();
    let mut system_permissions = Vec::new();
    for permission in Permission::ALL {
        if permission.is_system() {
            if rights.allow(user, permission, Where::Somewhere) {
                system_permissions.push(permission.name());
            }
            continue;
        }
        let places = rights.places(user, permission);
        let places: Vec<Restriction> = places
            .map(|(space, environments)| Restriction {
                space_id: space.map(space_id),
                restricted_to_environment_ids: environments
                    .iter()
                    .copied()
                    .map(lookup::environment_id)
                    .collect(),
            })
            .collect();
        if !places.is_empty() {
            space_permissions.insert(permission.name(), places);
        }
    }
    let teams = rights.teams_of(user).map(|(id, name)| NamedReference {
        id: format!("Teams-{id}"),
        name: name.to_owned(),
    });
    let id = format!("Users-{user}");
    let own = format!("/api/users/{id}/permissions");
    Ok(Json(UserPermissions {
        id,
        space_permissions,
        system_permissions,
        teams: teams.collect(),
        is_permissions_complete: true,
        links: Links::from([("Self".to_owned(), own)]),
    }))
}
