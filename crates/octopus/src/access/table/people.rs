//! The server itself, and who uses it.

use api::{
    ApiKey, NewApiKey, Root, ScopedUserRole, ServerCertificate, ServerStatus, Team, User,
    UserPermissions, UserRole,
};
use serde_json::Value;

use super::{
    Access::{Known, Open, OwnOr},
    needs,
    row::{Content, Row},
};
use crate::access::Permission as P;

const NAMES: &[&str] = &["ids", "partialName"];

pub(super) const ROWS: &[Row] = &[
    Row::get("/api", Open).gives::<Root>(),
    Row::get("/api/openapi.json", Open).gives::<Value>(),
    Row::get("/api/capabilities", Known).gives::<Value>(),
    Row::get("/api/configuration/feature-toggles", Known).gives::<Value>(),
    Row::get("/api/featuresconfiguration", Known).gives::<Value>(),
    Row::get("/api/serverstatus", Known).gives::<ServerStatus>(),
    Row::get("/api/configuration/certificates/certificate-global", Known)
        .gives::<ServerCertificate>(),
    Row::get("/healthz", Open).sends(Content::Text),
    Row::get("/readyz", Open).gives::<Value>().or(503),
    Row::get("/metrics", needs(P::TaskView)).sends(Content::Bytes),
    Row::get("/api/users", needs(P::UserView)).pages::<User>(NAMES),
    Row::post("/api/users", needs(P::UserEdit)).keeps::<User>(),
    Row::get("/api/users/all", needs(P::UserView)).gives::<Vec<User>>(),
    Row::get("/api/users/me", Known).gives::<User>(),
    Row::get("/api/users/{id}", OwnOr(P::UserView)).gives::<User>(),
    Row::put("/api/users/{id}", OwnOr(P::UserEdit)).keeps::<User>(),
    Row::delete("/api/users/{id}", needs(P::UserEdit)).gives::<Value>(),
    Row::get("/api/users/{id}/permissions", OwnOr(P::UserView)).gives::<UserPermissions>(),
    Row::get("/api/users/{id}/teams", OwnOr(P::UserView)).gives::<Vec<Team>>(),
    Row::get("/api/users/{id}/apikeys", OwnOr(P::UserEdit)).pages::<ApiKey>(&[]),
    Row::post("/api/users/{id}/apikeys", OwnOr(P::UserEdit)).keeps::<NewApiKey>(),
    Row::get("/api/users/{id}/apikeys/{key}", OwnOr(P::UserEdit)).gives::<ApiKey>(),
    Row::delete("/api/users/{id}/apikeys/{key}", OwnOr(P::UserEdit)).gives::<Value>(),
    Row::get("/api/teams", needs(P::TeamView)).pages::<Team>(NAMES),
    Row::post("/api/teams", needs(P::TeamCreate)).keeps::<Team>(),
    Row::get("/api/teams/all", needs(P::TeamView)).gives::<Vec<Team>>(),
    Row::get("/api/teams/{id}", needs(P::TeamView)).gives::<Team>(),
    Row::put("/api/teams/{id}", needs(P::TeamEdit)).keeps::<Team>(),
    Row::delete("/api/teams/{id}", needs(P::TeamDelete)).gives::<Value>(),
    Row::get("/api/teams/{id}/scopeduserroles", needs(P::TeamView)).pages::<ScopedUserRole>(&[]),
    Row::get("/api/scopeduserroles", needs(P::TeamView)).pages::<ScopedUserRole>(NAMES),
    Row::post("/api/scopeduserroles", needs(P::TeamEdit)).keeps::<ScopedUserRole>(),
    Row::get("/api/scopeduserroles/{id}", needs(P::TeamView)).gives::<ScopedUserRole>(),
    Row::put("/api/scopeduserroles/{id}", needs(P::TeamEdit)).keeps::<ScopedUserRole>(),
    Row::delete("/api/scopeduserroles/{id}", needs(P::TeamEdit)).gives::<Value>(),
    Row::get("/api/userroles", needs(P::UserRoleView)).pages::<UserRole>(NAMES),
    Row::get("/api/userroles/all", needs(P::UserRoleView)).gives::<Vec<UserRole>>(),
    Row::get("/api/userroles/{id}", needs(P::UserRoleView)).gives::<UserRole>(),
];
