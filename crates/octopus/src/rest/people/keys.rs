//! API keys of a user.

use api::{ApiKey, KeyHint, Links, NewApiKey, Page};
use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use super::users::find;
use crate::{
    auth,
    error::ApiError,
    lookup,
    rest::{
        Body,
        call::{Call, Paging},
        convert::time,
        mistakes::{Mistakes, shown},
    },
    store::{
        now_ms,
        users::{ApiKey as Row, NewKey},
    },
};

/// Longest purpose, in characters.
const PURPOSE: usize = 200;

fn id(row: i64) -> String {
    format!("APIKeys-{row}")
}

fn links(user: &str, key: &str) -> Links {
    let own = format!("/api/users/{user}/apikeys/{key}");
    Links::from([("Self".to_owned(), own)])
}

fn resource(row: &Row) -> ApiKey {
    let (id, user_id) = (id(row.id), format!("Users-{}", row.user_id));
    ApiKey {
        links: links(&user_id, &id),
        id,
        user_id,
        purpose: row.purpose.clone(),
        api_key: KeyHint {
            has_value: true,
            hint: row.hint.clone(),
        },
        created: time(row.created_at),
        expires: row.expires_at.map(time),
    }
}

pub(super) async fn list(call: Call, paging: Paging) -> Result<Json<Page<ApiKey>>, ApiError> {
    let user = find(&call).await?;
    let keys = call.app.store.api_keys(user.id).await?;
    let keys = keys.iter().map(resource).collect();
    Ok(Json(paging.cut("ApiKey", keys)))
}

pub(super) async fn one(call: Call) -> Result<Json<ApiKey>, ApiError> {
    let key = row(&call).await?;
    Ok(Json(resource(&key)))
}

async fn row(call: &Call) -> Result<Row, ApiError> {
    let user = find(call).await?;
    let wanted = call.parameter("key");
    let keys = call.app.store.api_keys(user.id).await?;
    let found = keys
        .into_iter()
        .find(|key| lookup::row_id("APIKeys", wanted) == Some(key.id));
    found.ok_or_else(|| ApiError::not_found("API key", wanted))
}

pub(super) async fn create(
    call: Call,
    Body(new): Body<NewApiKey>,
) -> Result<(StatusCode, Json<NewApiKey>), ApiError> {
    let user = find(&call).await?;
    let purpose = new.purpose.trim().to_owned();
    let mut mistakes = Mistakes::default();
    if purpose.chars().count() > PURPOSE || purpose.chars().any(char::is_control) {
        mistakes.add(format!(
            "Purpose `{}`: at most {PURPOSE} characters on one line.",
            shown(&purpose)
        ));
    }
    if !user.is_active {
        mistakes.add(format!("The user {} is not active.", user.username));
    }
    let expires_at = match new.expires.as_deref() {
        None => None,
        Some(text) => {
            let at = text.parse().map(jiff::Timestamp::as_millisecond).ok();
            let at = at.filter(|at| *at > now_ms());
            if at.is_none() {
                mistakes.add(format!(
                    "Expires `{}`: a time to come with its zone, such as 2030-01-31T20:00:00Z.",
                    shown(text)
                ));
            }
            at
        }
    };
    mistakes.check()?;
    let key = auth::new_api_key()?;
    let row = NewKey {
        user_id: user.id,
        hash: auth::hash_token(&key),
        purpose: purpose.clone(),
        hint: auth::key_hint(&key),
        expires_at,
    };
    let words = format!("An API key of {} was created: {purpose}", user.username);
    let event = call.event("Created", "", words);
    let made = id(call.app.store.create_api_key(&row, &event).await?);
    let user_id = format!("Users-{}", user.id);
    let answer = NewApiKey {
        links: links(&user_id, &made),
        id: made,
        user_id,
        purpose,
        api_key: Some(key),
        created: time(now_ms()),
        expires: expires_at.map(time),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn delete(call: Call) -> Result<Json<Value>, ApiError> {
    let key = row(&call).await?;
    let words = format!("An API key was deleted: {}", key.purpose);
    let event = call.event("Deleted", &id(key.id), words);
    call.app.store.delete_api_key(key.id, &event).await?;
    call.app.keys.forget();
    Ok(Json(json!({})))
}
