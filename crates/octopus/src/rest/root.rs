//! `/api` itself, the caller, the server's status and certificate.

use api::{Links, Root, ServerCertificate, ServerStatus};
use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{app::App, auth::Caller, error::ApiError, tentacles};

/// `GET /api`: needs no sign-in, as clients look here first.
pub(super) async fn root(State(app): State<App>) -> Json<Root> {
    let links = [
        ("Self", "/api"),
        ("CurrentUser", "/api/users/me"),
        ("ServerStatus", "/api/serverstatus"),
        (
            "Environments",
            "/api/Spaces-1/environments{?skip,take,partialName}",
        ),
        (
            "Machines",
            "/api/Spaces-1/machines{?skip,take,environmentIds,partialName}",
        ),
        (
            "Packages",
            "/api/Spaces-1/packages{?skip,take,filter,latest}",
        ),
        (
            "PackageUpload",
            "/api/Spaces-1/packages/raw{?overwriteMode}",
        ),
        ("Tasks", "/api/Spaces-1/tasks{?skip,take,states}"),
    ];
    let links: Links = links
        .into_iter()
        .map(|(name, path)| (name.to_owned(), path.to_owned()))
        .collect();
    Json(Root {
        application: "Octopus".to_owned(),
        version: app.version.to_string(),
        api_version: "3.0.0".to_owned(),
        links,
    })
}

pub(super) async fn me(caller: Caller) -> Json<Value> {
    Json(json!({
        "Id": format!("Users-{}", caller.user.id),
        "Username": caller.user.username,
        "DisplayName": caller.user.username,
        "IsService": false,
        "Links": { "Self": format!("/api/users/Users-{}", caller.user.id) },
    }))
}

pub(super) async fn status(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<ServerStatus>, ApiError> {
    let carried = tentacles::carried(&app).await?;
    Ok(Json(ServerStatus {
        version: app.version.to_string(),
        tentacle_packages: carried
            .into_iter()
            .map(|(rid, package)| (rid, package.version))
            .collect(),
    }))
}

pub(super) async fn certificate(
    State(app): State<App>,
    _caller: Caller,
) -> Json<ServerCertificate> {
    Json(ServerCertificate {
        id: "certificate-global".to_owned(),
        thumbprint: app.identity.thumbprint().to_string(),
    })
}
