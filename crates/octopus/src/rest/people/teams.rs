//! Teams, and which team has which role where.

use api::{Page, ScopedUserRole, Space, Team};
use axum::{Json, http::StatusCode};
use serde_json::Value;

use super::users::any_active;
use crate::{
    access::{ADMINISTRATORS, Role},
    error::ApiError,
    lookup,
    rest::{
        Body,
        call::{Call, Paging},
        documents::{self, Resource, every, find, links, list_of},
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

/// `POST`
pub(super) async fn create<T: Resource>(
    call: Call,
    body: Body<T>,
) -> Result<(StatusCode, Json<T>), ApiError> {
    let app = call.app.clone();
    let made = documents::create(call, body).await;
    app.rights.forget();
    made
}

/// `PUT`
pub(super) async fn change<T: Resource>(call: Call, body: Body<T>) -> Result<Json<T>, ApiError> {
    let app = call.app.clone();
    let changed = documents::change(call, body).await;
    app.rights.forget();
    changed
}

/// `DELETE`
pub(super) async fn delete<T: Resource>(call: Call) -> Result<Json<Value>, ApiError> {
    let app = call.app.clone();
    let deleted = documents::delete::<T>(call).await;
    app.rights.forget();
    deleted
}

/// `GET /api/teams/{id}/scopeduserroles`
pub(super) async fn roles(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<ScopedUserRole>>, ApiError> {
    let (team, _) = find::<Team>(&call, call.id()).await?;
    list_of(&call, &paging, Some(team.id)).await.map(Json)
}

/// `GET /api/users/{id}/teams`
pub(super) async fn of_user(call: Call) -> Result<Json<Vec<Team>>, ApiError> {
    let user = super::users::find(&call).await?;
    let id = format!("Users-{}", user.id);
    let mut teams = every::<Team>(&call, None).await?;
    teams.retain(|team| team.member_user_ids.contains(&id));
    Ok(Json(teams))
}

impl Resource for Team {
    const KIND: &'static str = "Teams";
    const TYPE: &'static str = "Team";
    const WHAT: &'static str = "team";

    fn name(&self) -> &str {
        &self.name
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        let is_free = self.name != ADMINISTRATORS;
        self.can_be_deleted = is_free;
        self.can_be_renamed = is_free;
        self.can_change_roles = is_free;
        self.can_change_members = true;
        let own = format!("teams/{}", self.id);
        let roles = format!("{own}/scopeduserroles");
        self.links = links(0, &[("Self", own), ("ScopedUserRoles", roles)]);
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        let users = call.app.store.users().await?;
        for member in &mut self.member_user_ids {
            let row = lookup::row_id("Users", member);
            let found = users.iter().find(|user| {
                row == Some(user.id) || user.username.to_lowercase() == member.to_lowercase()
            });
            match found {
                Some(user) => *member = format!("Users-{}", user.id),
                None => mistakes.add(format!(
                    "MemberUserIds `{}`: there is no such user.",
                    shown(member)
                )),
            }
        }
        let mut seen = std::collections::HashSet::new();
        self.member_user_ids
            .retain(|member| seen.insert(member.clone()));
        if before.is_some_and(|before| before.name == ADMINISTRATORS) {
            if self.name.trim() != ADMINISTRATORS {
                mistakes.add(format!(
                    "Name `{}`: this team keeps its name.",
                    shown(&self.name)
                ));
            }
            if !any_active(call, self.member_user_ids.clone()).await? {
                mistakes.add("MemberUserIds: this team needs an active member.");
            }
        }
        mistakes.check()
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let (_, team) = find::<Self>(call, id).await?;
        match team.can_be_deleted {
            true => Ok(()),
            false => Err(ApiError::bad(format!(
                "The team {ADMINISTRATORS} can't be deleted."
            ))),
        }
    }
}

impl Resource for ScopedUserRole {
    const KIND: &'static str = "ScopedUserRoles";
    const TYPE: &'static str = "ScopedUserRole";
    const WHAT: &'static str = "scoped user role";

    /// Its place is its name: a team has a role there once.
    fn name(&self) -> &str {
        &self.id
    }

    fn owner(&self) -> &str {
        &self.team_id
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        let paths = [
            ("Self", format!("scopeduserroles/{}", self.id)),
            ("Team", format!("teams/{}", self.team_id)),
            ("UserRole", format!("userroles/{}", self.user_role_id)),
        ];
        self.links = links(0, &paths);
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        match find::<Team>(call, &self.team_id).await {
            Ok((document, team)) if team.can_change_roles => self.team_id = document.public_id(),
            Ok((_, team)) => mistakes.add(format!(
                "TeamId `{}`: the roles of {} stay as they are.",
                team.id, team.name
            )),
            Err(_) => mistakes.add(format!(
                "TeamId `{}`: there is no such team.",
                shown(&self.team_id)
            )),
        }
        if before.is_some_and(|before| before.team_id != self.team_id) {
            mistakes.add("TeamId: a role stays with its team; make another one.");
        }
        let role = Role::find(&self.user_role_id);
        match role {
            Some(role) => self.user_role_id = role.id().to_owned(),
            None => {
                let known = Role::ALL.map(Role::id).join(", ");
                mistakes.add(format!(
                    "UserRoleId `{}`: there are: {known}.",
                    shown(&self.user_role_id)
                ));
            }
        }
        self.space_id = self.space_id.take().filter(|id| !id.is_empty());
        let mut space = None;
        if let Some(id) = &mut self.space_id {
            match find::<Space>(call, id).await {
                Ok((document, _)) => {
                    *id = document.public_id();
                    space = Some(document.id);
                }
                Err(_) => mistakes.add(format!("SpaceId `{}`: there is no such space.", shown(id))),
            }
        }
        let environments = call.app.store.environments().await?;
        for id in &mut self.environment_ids {
            let row = lookup::row_id("Environments", id);
            let found = environments
                .iter()
                .find(|one| row == Some(one.id) && space.is_none_or(|space| space == one.space_id));
            match found {
                Some(found) => *id = lookup::environment_id(found.id),
                None => mistakes.add(format!(
                    "EnvironmentIds `{}`: the role's space has no such environment.",
                    shown(id)
                )),
            }
        }
        let is_limited = !self.environment_ids.is_empty();
        if is_limited && role.is_some_and(|role| role != Role::Deployer) {
            mistakes.add(format!(
                "EnvironmentIds: only the role {} is limited by environments.",
                Role::Deployer.id()
            ));
        }
        for (field, ids) in [
            ("ProjectIds", &self.project_ids),
            ("ProjectGroupIds", &self.project_group_ids),
            ("TenantIds", &self.tenant_ids),
        ] {
            if !ids.is_empty() {
                mistakes.add(format!(
                    "{field}: roles are limited by spaces and environments only; leave it empty."
                ));
            }
        }
        mistakes.check()?;
        let space = self.space_id.as_deref().unwrap_or("all spaces");
        self.id = format!(
            "{} in {space} {}",
            self.user_role_id,
            self.environment_ids.join(" ")
        );
        Ok(())
    }

    async fn may_go(call: &Call, id: &str) -> Result<(), ApiError> {
        let (_, role) = find::<Self>(call, id).await?;
        let (_, team) = find::<Team>(call, &role.team_id).await?;
        match team.can_change_roles {
            true => Ok(()),
            false => Err(ApiError::bad(format!(
                "The roles of {ADMINISTRATORS} stay as they are."
            ))),
        }
    }
}
