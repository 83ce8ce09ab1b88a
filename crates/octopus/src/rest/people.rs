//! Users, their keys, teams and roles.

mod keys;
mod passwords;
mod roles;
mod teams;
mod users;

use api::{ScopedUserRole, Team};
use axum::{Router, routing::get};

use super::documents::{all, list, one};
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/users", get(users::list).post(users::create))
        .route("/api/users/all", get(users::all))
        .route("/api/users/me", get(users::me))
        .route(
            "/api/users/{id}",
            get(users::one).put(users::change).delete(users::delete),
        )
        .route("/api/users/{id}/permissions", get(roles::of_user))
        .route("/api/users/{id}/teams", get(teams::of_user))
        .route(
            "/api/users/{id}/apikeys",
            get(keys::list).post(keys::create),
        )
        .route(
            "/api/users/{id}/apikeys/{key}",
            get(keys::one).delete(keys::delete),
        )
        .route("/api/teams", get(list::<Team>).post(teams::create::<Team>))
        .route("/api/teams/all", get(all::<Team>))
        .route(
            "/api/teams/{id}",
            get(one::<Team>)
                .put(teams::change::<Team>)
                .delete(teams::delete::<Team>),
        )
        .route("/api/teams/{id}/scopeduserroles", get(teams::roles))
        .route(
            "/api/scopeduserroles",
            get(list::<ScopedUserRole>).post(teams::create::<ScopedUserRole>),
        )
        .route(
            "/api/scopeduserroles/{id}",
            get(one::<ScopedUserRole>)
                .put(teams::change::<ScopedUserRole>)
                .delete(teams::delete::<ScopedUserRole>),
        )
        .route("/api/userroles", get(roles::list))
        .route("/api/userroles/all", get(roles::all))
        .route("/api/userroles/{id}", get(roles::one))
}
