//! What the teams and their roles come to.

use std::collections::HashSet;

use api::{ScopedUserRole, Team};

use super::{Permission, Role};
use crate::{
    lookup,
    store::{Result, Store, documents::Document},
};

/// The team that can't be emptied.
pub(crate) const ADMINISTRATORS: &str = "Octopus Administrators";

/// Teams, and who has which role where.
#[derive(Debug, Default)]
pub struct Rights {
    teams: Vec<Members>,
    grants: Vec<Grant>,
}

#[derive(Debug)]
struct Members {
    id: i64,
    name: String,
    users: HashSet<i64>,
}

#[derive(Debug)]
struct Grant {
    team: i64,
    role: Role,
    space: Option<i64>,
    environments: Vec<i64>,
}

/// Where something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// In some space, and some environment of it.
    Somewhere,
    /// In some environment of this space.
    Space(i64),
    /// In this environment of this space.
    Environment(i64, i64),
    /// Everywhere in this space.
    Throughout(i64),
}

impl Rights {
    /// The server itself, as the user with this row id, may do everything.
    pub(crate) fn of_server(user: i64) -> Self {
        let server = Members {
            id: 0,
            name: String::new(),
            users: HashSet::from([user]),
        };
        let all = Grant {
            team: 0,
            role: Role::Administrator,
            space: None,
            environments: Vec::new(),
        };
        Self {
            teams: vec![server],
            grants: vec![all],
        }
    }

    /// Whether a user may do something there.
    pub(crate) fn allow(&self, user: i64, permission: Permission, place: Where) -> bool {
        self.grants_of(user).any(|grant| {
            grant.role.grants(permission)
                && (!permission.is_system() || grant.space.is_none())
                && grant.covers(place)
        })
    }

    /// Names of the user's teams, with their row ids.
    pub(crate) fn teams_of(&self, user: i64) -> impl Iterator<Item = (i64, &str)> {
        let teams = self.teams.iter();
        teams
            .filter(move |team| team.users.contains(&user))
            .map(|team| (team.id, team.name.as_str()))
    }

    /// Where a user has a permission: spaces, and environments of them.
    pub(crate) fn places(
        &self,
        user: i64,
        permission: Permission,
    ) -> impl Iterator<Item = (Option<i64>, &[i64])> {
        self.grants_of(user)
            .filter(move |grant| grant.role.grants(permission))
            .map(|grant| (grant.space, grant.environments.as_slice()))
    }

    fn grants_of(&self, user: i64) -> impl Iterator<Item = &Grant> {
        let in_team = move |team: &Members| team.users.contains(&user);
        self.grants.iter().filter(move |grant| {
            let team = self.teams.iter().find(|team| team.id == grant.team);
            team.is_some_and(in_team)
        })
    }

    pub(crate) async fn read(store: &Store) -> Result<Self> {
        let documents = store.documents_of(&["Teams", "ScopedUserRoles"]).await?;
        let mut rights = Self::default();
        for document in documents {
            match document.kind.as_str() {
                "Teams" => rights.teams.extend(team(&document)),
                _ => rights.grants.extend(grant(&document)),
            }
        }
        Ok(rights)
    }
}

impl Grant {
    fn covers(&self, place: Where) -> bool {
        let in_space = |space| self.space.is_none_or(|own| own == space);
        match place {
            Where::Somewhere => true,
            Where::Space(space) => in_space(space),
            Where::Environment(space, environment) => {
                let limited = !self.environments.is_empty();
                in_space(space) && (!limited || self.environments.contains(&environment))
            }
            Where::Throughout(space) => in_space(space) && self.environments.is_empty(),
        }
    }
}

/// A team that can't be read has nobody; a role that can't be read grants nothing.
fn team(document: &Document) -> Option<Members> {
    let team: Team = serde_json::from_str(&document.body).ok()?;
    let users = team.member_user_ids.iter();
    Some(Members {
        id: document.id,
        name: team.name,
        users: users.filter_map(|id| lookup::row_id("Users", id)).collect(),
    })
}

fn grant(document: &Document) -> Option<Grant> {
    let granted: ScopedUserRole = serde_json::from_str(&document.body).ok()?;
    let space = match granted.space_id.as_deref() {
        None | Some("") => None,
        Some(id) => Some(lookup::row_id("Spaces", id)?),
    };
    let environments = granted.environment_ids.iter();
    Some(Grant {
        team: document.owner_id,
        role: Role::find(&granted.user_role_id)?,
        space,
        environments: environments
            .map(|id| lookup::row_id("Environments", id))
            .collect::<Option<_>>()?,
    })
}
