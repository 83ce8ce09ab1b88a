//! Users.

use api::{Links, Page, Team, User};
use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use super::passwords;
use crate::{
    access::{ADMINISTRATORS, Permission, Where},
    error::ApiError,
    lookup,
    rest::{
        Body,
        call::{Call, Paging},
        documents::{every, replace},
        mistakes::{Mistakes, shown},
    },
    store::users::{NewUser, User as Row},
};

/// The row that `Users-3`, a name or `me` in the address stands for.
pub(super) async fn find(call: &Call) -> Result<Row, ApiError> {
    let id = call.id();
    if call.caller.is(id) {
        return Ok((*call.caller.user).clone());
    }
    let store = &call.app.store;
    let found = match lookup::row_id("Users", id) {
        Some(row) => store.user(row).await?,
        None => store.user_by_name(id).await?,
    };
    found.ok_or_else(|| ApiError::not_found("user", id))
}

fn resource(call: &Call, row: &Row) -> User {
    let id = format!("Users-{}", row.id);
    let own = format!("/api/users/{id}");
    let links = ["ApiKeys", "Permissions", "Teams"].map(|name| {
        let path = format!("{own}/{}", name.to_lowercase());
        (name.to_owned(), path)
    });
    let mut links = Links::from(links);
    links.insert("Self".to_owned(), own);
    let display_name = match row.display_name.as_str() {
        "" => row.username.clone(),
        name => name.to_owned(),
    };
    User {
        id,
        username: row.username.clone(),
        display_name,
        email_address: row.email.clone(),
        is_active: Some(row.is_active),
        is_service: row.is_service,
        is_requestor: row.id == call.caller.user.id,
        can_password_be_edited: !row.is_service,
        password: None,
        identities: Vec::new(),
        links,
    }
}

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<User>>, ApiError> {
    let mut parts = vec![paging.word("partialname"), paging.word("filter")];
    parts.retain(|part| !part.is_empty());
    let ids = paging.list("ids");
    let mut users = every_user(&call).await?;
    users.retain(|user| {
        let names = format!("{}\n{}", user.username, user.display_name).to_lowercase();
        parts
            .iter()
            .all(|part| names.contains(&part.to_lowercase()))
            && (ids.is_empty() || ids.iter().any(|id| id.eq_ignore_ascii_case(&user.id)))
    });
    Ok(Json(paging.cut("User", users)))
}

pub(super) async fn all(call: Call) -> Result<Json<Vec<User>>, ApiError> {
    every_user(&call).await.map(Json)
}

async fn every_user(call: &Call) -> Result<Vec<User>, ApiError> {
    let rows = call.app.store.users().await?;
    Ok(rows.iter().map(|row| resource(call, row)).collect())
}

pub(super) async fn me(call: Call) -> Json<User> {
    Json(resource(&call, &call.caller.user))
}

pub(super) async fn one(call: Call) -> Result<Json<User>, ApiError> {
    let row = find(&call).await?;
    Ok(Json(resource(&call, &row)))
}

pub(super) async fn create(
    call: Call,
    Body(new): Body<User>,
) -> Result<(StatusCode, Json<User>), ApiError> {
    let mut mistakes = Mistakes::default();
    check(&new, &mut mistakes);
    if new.password.is_none() && !new.is_service {
        mistakes.add("Password: people sign in by one; or set IsService for a program.");
    }
    mistakes.check()?;
    let row = settled(new).await?;
    let words = format!("The user {} was created.", row.username);
    let event = call.event("Created", "", words);
    let id = call.app.store.create_user(&row, &event).await?;
    let made = call.app.store.user(id).await?;
    let made = made.ok_or_else(|| ApiError::not_found("user", &row.username))?;
    Ok((StatusCode::CREATED, Json(resource(&call, &made))))
}

/// `PUT`: a new password, or being deactivated, ends the user's sessions.
pub(super) async fn change(call: Call, Body(new): Body<User>) -> Result<Json<User>, ApiError> {
    let before = find(&call).await?;
    let new = User {
        is_active: new.is_active.or(Some(before.is_active)),
        ..new
    };
    let mut mistakes = Mistakes::default();
    check(&new, &mut mistakes);
    if new.password.is_none() && !new.is_service && before.is_service {
        mistakes.add("Password: people sign in by one.");
    }
    mistakes.check()?;
    let is_more = new.username.trim() != before.username
        || new.is_active != Some(before.is_active)
        || new.is_service != before.is_service;
    if is_more {
        // What people may not change of themselves.
        call.caller
            .require(Permission::UserEdit, Where::Somewhere, "")?;
    }
    if before.is_active && new.is_active == Some(false) {
        keep_an_administrator(&call, &before).await?;
    }
    let row = settled(new).await?;
    let words = match row.password_hash.as_str() {
        "" => format!("The user {} was changed.", row.username),
        _ => format!(
            "The user {} was changed, with a new password.",
            row.username
        ),
    };
    let event = call.event("Modified", &format!("Users-{}", before.id), words);
    call.app.store.change_user(before.id, &row, &event).await?;
    call.app.keys.forget();
    let now = call.app.store.user(before.id).await?;
    let now = now.ok_or_else(|| ApiError::not_found("user", call.id()))?;
    Ok(Json(resource(&call, &now)))
}

pub(super) async fn delete(call: Call) -> Result<Json<Value>, ApiError> {
    let row = find(&call).await?;
    keep_an_administrator(&call, &row).await?;
    let id = format!("Users-{}", row.id);
    for mut team in every::<Team>(&call, None).await? {
        let before = team.member_user_ids.len();
        team.member_user_ids.retain(|member| *member != id);
        if team.member_user_ids.len() != before {
            let team_id = team.id.clone();
            replace(&call, &team_id, team).await?;
        }
    }
    let words = format!("The user {} was deleted.", row.username);
    let event = call.event("Deleted", &id, words);
    call.app.store.delete_user(row.id, &event).await?;
    call.app.rights.forget();
    call.app.keys.forget();
    Ok(Json(json!({})))
}

fn check(new: &User, mistakes: &mut Mistakes) {
    let name = new.username.trim();
    let is_plain = name.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if !(1..=100).contains(&name.chars().count()) || !is_plain {
        mistakes.add(format!(
            "Username `{}`: it takes 1 to 100 characters and no spaces.",
            shown(&new.username)
        ));
    }
    if name.eq_ignore_ascii_case("me") || lookup::row_id("Users", name).is_some() {
        mistakes.add(format!(
            "Username `{name}`: this means another thing in addresses; choose another."
        ));
    }
    if !new.display_name.trim().is_empty() {
        mistakes.name("DisplayName", &new.display_name);
    }
    let email = new.email_address.trim();
    let is_address = email.len() <= 254
        && email.contains('@')
        && email.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if !email.is_empty() && !is_address {
        mistakes.add(format!(
            "EmailAddress `{}`: an address such as ann@example.com, at most 254 characters.",
            shown(email)
        ));
    }
    match &new.password {
        Some(_) if new.is_service => {
            mistakes.add("Password: a program (IsService) has API keys and no password.");
        }
        Some(password) => passwords::check(password, mistakes),
        None => {}
    }
}

async fn settled(new: User) -> Result<NewUser, ApiError> {
    let password_hash = match new.password {
        Some(password) => passwords::hash(password).await?,
        None => String::new(),
    };
    Ok(NewUser {
        username: new.username.trim().to_owned(),
        password_hash,
        display_name: new.display_name.trim().to_owned(),
        email: new.email_address.trim().to_owned(),
        is_active: new.is_active.unwrap_or(true),
        is_service: new.is_service,
    })
}

/// Refuses to lock everybody out.
async fn keep_an_administrator(call: &Call, leaving: &Row) -> Result<(), ApiError> {
    let teams = every::<Team>(call, None).await?;
    let team = teams.iter().find(|team| team.name == ADMINISTRATORS);
    let members = team.map(|team| team.member_user_ids.as_slice());
    let members = members.unwrap_or_default();
    let leaving = format!("Users-{}", leaving.id);
    if !members.contains(&leaving) {
        return Ok(());
    }
    let others = members.iter().filter(|id| **id != leaving).cloned();
    match any_active(call, others.collect()).await? {
        true => Ok(()),
        false => Err(ApiError::bad(format!(
            "{leaving} is the last active member of {ADMINISTRATORS}; add another one first."
        ))),
    }
}

/// Whether any of these users is active.
pub(super) async fn any_active(call: &Call, ids: Vec<String>) -> Result<bool, ApiError> {
    let users = call.app.store.users().await?;
    Ok(users
        .iter()
        .any(|user| user.is_active && ids.contains(&format!("Users-{}", user.id))))
}
