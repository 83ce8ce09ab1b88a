//! Every request meets the table before its handler.

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Permission, Where,
    table::{self, Access, Found, Row},
};
use crate::{app::App, auth::Caller, error::ApiError, nuget, rest, web};

/// Lets through what the table allows, with the caller in its extensions.
pub async fn check(app: &App, request: Request, next: Next) -> Response {
    let Some(pattern) = request.extensions().get::<MatchedPath>().cloned() else {
        // No route: the fallback says so.
        return next.run(request).await;
    };
    let pattern = pattern.as_str();
    match table::find(request.method(), pattern) {
        Found::Row(row) => {
            let (mut parts, body) = request.into_parts();
            match admit(app, row, &mut parts).await {
                Ok(()) => next.run(Request::from_parts(parts, body)).await,
                Err(refusal) => refusal,
            }
        }
        Found::Methods(methods) => {
            let mut response = StatusCode::METHOD_NOT_ALLOWED.into_response();
            if let Ok(methods) = HeaderValue::from_str(methods) {
                response.headers_mut().insert(header::ALLOW, methods);
            }
            response
        }
        Found::Nothing => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn admit(app: &App, row: &Row, parts: &mut Parts) -> Result<(), Response> {
    if row.access == Access::Open {
        return Ok(());
    }
    let found = match Caller::find(app, &parts.headers).await {
        Ok(None) if is_feed(row) => nuget::caller(app, &parts.headers).await,
        other => other,
    };
    let caller = match found {
        Ok(Some(caller)) => caller,
        Ok(None) => return Err(stranger(row, parts)),
        Err(error) => return Err(refuse(row, error.into())),
    };
    let needed = match row.access {
        Access::Open | Access::Known => None,
        Access::Needs(permission) => Some(permission),
        Access::OwnOr(permission) => {
            let is_own = parameter(parts, app, "id")
                .await
                .is_some_and(|id| caller.is(&id));
            (!is_own).then_some(permission)
        }
    };
    if let Some(permission) = needed
        && !is_allowed(app, &caller, row, permission, parts)
            .await
            .map_err(|error| refuse(row, error))?
    {
        return Err(refuse(row, missing(permission, "")));
    }
    parts.extensions.insert(caller);
    Ok(())
}

/// In some environment: which one it is, only the handler knows.
async fn is_allowed(
    app: &App,
    caller: &Caller,
    row: &Row,
    permission: Permission,
    parts: &mut Parts,
) -> Result<bool, ApiError> {
    if !caller.allow(permission, Where::Somewhere) {
        return Ok(false);
    }
    if !row.pattern.contains("{space}") {
        return Ok(true);
    }
    let Some(space) = parameter(parts, app, "space").await else {
        return Ok(true);
    };
    // A space that is not there: the handler says so.
    match rest::call::find_space(app, &space).await {
        Ok(space) => Ok(caller.allow(permission, Where::Space(space))),
        Err(error) if error.status == StatusCode::NOT_FOUND => Ok(true),
        Err(error) => Err(error),
    }
}

async fn parameter(parts: &mut Parts, app: &App, wanted: &str) -> Option<String> {
    let raw = RawPathParams::from_request_parts(parts, app).await.ok()?;
    let found = raw.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, value)| value.to_owned())
}

/// 403, in Octopus's words. `place`: where it is missing, such as ` in the environment X`.
pub(crate) fn missing(permission: Permission, place: &str) -> ApiError {
    let permission = permission.name();
    let mut error = ApiError::new(
        StatusCode::FORBIDDEN,
        format!(
            "You do not have permission to perform this action. Please contact your Octopus \
             administrator. Missing permission: {permission}{place}"
        ),
    );
    error.errors = vec![format!("Missing permission: {permission}{place}")];
    error
}

fn stranger(row: &Row, parts: &Parts) -> Response {
    match is_page(row) {
        true => web::sign_in_first(parts),
        false => refuse(row, Caller::unknown()),
    }
}

fn refuse(row: &Row, error: ApiError) -> Response {
    if is_page(row) {
        web::refuse(error)
    } else if is_feed(row) {
        nuget::refuse(error)
    } else {
        error.into_response()
    }
}

fn is_feed(row: &Row) -> bool {
    row.pattern.starts_with("/nuget") || row.pattern.starts_with("/api/v2/package")
}

fn is_page(row: &Row) -> bool {
    !is_feed(row) && !row.pattern.starts_with("/api") && !row.is_documented
}
