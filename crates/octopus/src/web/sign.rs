//! Signing in and out.

use axum::{
    Form,
    extract::{ConnectInfo, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::net::SocketAddr;

use super::{WebError, html};
use crate::{
    app::App,
    auth::{self, SESSION_COOKIE},
    error::ApiError,
    operate::{FORWARDED_PROTO, Refused},
    portal::view::SignInPage,
    store::sessions::SESSION_MS,
};

/// Proves that a sign-in form came from this server: the same token in a cookie and a field.
const FORM_COOKIE: &str = "octopus_signin";

#[derive(Deserialize)]
pub(super) struct NextPage {
    #[serde(default)]
    next: String,
}

pub(super) async fn form(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<NextPage>,
) -> Result<Response, WebError> {
    page(&app, &headers, String::new(), None, query.next)
}

fn page(
    app: &App,
    headers: &HeaderMap,
    username: String,
    error: Option<String>,
    next: String,
) -> Result<Response, WebError> {
    let csrf = token()?;
    let secure = secure(headers);
    let cookie = format!("{FORM_COOKIE}={csrf}; Path=/signin; HttpOnly; SameSite=Strict{secure}");
    let page = SignInPage {
        csrf,
        server_version: app.version.to_string(),
        username,
        error,
        next,
    };
    Ok(([(header::SET_COOKIE, cookie)], html(&page)?).into_response())
}

/// Browsers send a secure cookie over HTTPS only.
fn secure(headers: &HeaderMap) -> &'static str {
    match headers.get(FORWARDED_PROTO) {
        Some(protocol) if protocol == "https" => "; Secure",
        _ => "",
    }
}

fn token() -> Result<String, WebError> {
    auth::new_token().map_err(|error| ApiError::internal(&error).into())
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    csrf: String,
}

pub(super) async fn sign_in(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Result<Response, WebError> {
    let refuse = |why: &str| {
        let shown = page(
            &app,
            &headers,
            form.username.clone(),
            Some(why.to_owned()),
            form.next.clone(),
        );
        shown.map(|page| (StatusCode::UNAUTHORIZED, page).into_response())
    };
    let sent = auth::cookie(&headers, FORM_COOKIE);
    if form.csrf.is_empty() || sent != Some(form.csrf.as_str()) {
        return refuse("The form was too old. Enter the password once more.");
    }
    if let Err(Refused { seconds }) = app.throttle.admit(&form.username, peer.ip()) {
        let why = format!("Too many tries to sign in. Try again in {seconds} seconds.");
        let mut answer = refuse(&why)?;
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let headers = answer.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
        return Ok(answer);
    }
    let user = app.store.user_by_name(&form.username).await?;
    // A name that nobody has takes as long as a wrong password.
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let hash = hash.unwrap_or_else(|| app.no_password.clone());
    let password = form.password.clone();
    let matches = tokio::task::spawn_blocking(move || auth::verify_password(&password, &hash));
    let matches = matches.await.map_err(|error| ApiError::internal(&error))?;
    let Some(user) = user.filter(|user| matches && user.is_active) else {
        return refuse("The username or the password is wrong.");
    };
    let session = token()?;
    let hash = auth::hash_token(&session);
    app.store.create_session(user.id, &hash, &token()?).await?;
    let age = SESSION_MS / 1000;
    let secure = secure(&headers);
    let cookie = format!(
        "{SESSION_COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    );
    let next = own_path(&form.next);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// Never leads to another site: `//host` and `/\host` are addresses to a browser.
fn own_path(next: &str) -> &str {
    let mut characters = next.chars();
    let is_own = characters.next() == Some('/')
        && !matches!(characters.next(), Some('/' | '\\'))
        && !next.chars().any(char::is_control);
    if is_own { next } else { "/environments" }
}

pub(super) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    if let Some(token) = auth::cookie(&headers, SESSION_COOKIE) {
        app.store.delete_session(&auth::hash_token(token)).await?;
    }
    let cookie = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/signin")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_never_leads_elsewhere() {
        for (next, expected) in [
            ("/tasks/ServerTasks-3", "/tasks/ServerTasks-3"),
            ("/", "/"),
            ("", "/environments"),
            ("//evil.example", "/environments"),
            ("/\\evil.example", "/environments"),
            ("https://evil.example", "/environments"),
            ("/a\r\nSet-Cookie: x", "/environments"),
        ] {
            assert_eq!(own_path(next), expected, "{next:?}");
        }
    }
}
