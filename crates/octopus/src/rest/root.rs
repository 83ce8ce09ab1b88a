//! `/api` itself, the caller, the server's status and certificate.

use api::{COMPATIBLE, Links, Root, ServerCertificate, ServerStatus};
use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{app::App, auth::Caller, error::ApiError, tentacles};

/// `GET /api`: needs no sign-in, as clients look here first.
pub(super) async fn root(State(app): State<App>) -> Json<Root> {
    let own = [
        ("Self", "/api"),
        ("CurrentUser", "/api/users/me"),
        ("ServerStatus", "/api/serverstatus"),
        ("Capabilities", "/api/capabilities"),
        ("SpaceHome", "/api/{spaceId}"),
        ("Spaces", "/api/spaces{/id}{?skip,ids,take,partialName}"),
        (
            "Users",
            "/api/users{/id}{?skip,ids,take,partialName,filter}",
        ),
        ("Teams", "/api/teams{/id}{?skip,ids,take,partialName}"),
        (
            "UserRoles",
            "/api/userroles{/id}{?skip,ids,take,partialName}",
        ),
        (
            "ScopedUserRoles",
            "/api/scopeduserroles{/id}{?skip,ids,take}",
        ),
        ("OpenApi", "/api/openapi.json"),
    ];
    let below = [
        ("Artifacts", "artifacts{/id}{?skip,take,regarding}"),
        (
            "BuildInformation",
            "build-information{/id}{?packageId,filter,latest,skip,take,overwriteMode}",
        ),
        ("Channels", "channels{/id}{?skip,take,ids,partialName}"),
        ("DeploymentProcesses", "deploymentprocesses{/id}"),
        (
            "Deployments",
            "deployments{/id}{?skip,take,ids,projects,environments,taskState}",
        ),
        (
            "Environments",
            "environments{/id}{?skip,take,ids,partialName}",
        ),
        (
            "Events",
            "events{/id}{?skip,take,regarding,users,eventCategories,documentTypes,from,to}",
        ),
        ("Feeds", "feeds{/id}{?skip,take,ids,partialName,feedType}"),
        ("Lifecycles", "lifecycles{/id}{?skip,take,ids,partialName}"),
        ("MachineRoles", "machineroles/all"),
        (
            "Machines",
            "machines{/id}{?skip,take,environmentIds,partialName}",
        ),
        ("Packages", "packages{/id}{?skip,take,filter,latest}"),
        ("PackageUpload", "packages/raw{?overwriteMode}"),
        (
            "PackageDeltaSignature",
            "packages/{packageId}/{version}/delta-signature",
        ),
        (
            "PackageDeltaUpload",
            "packages/{packageId}/{baseVersion}/delta{?replace,overwriteMode}",
        ),
        (
            "ProjectGroups",
            "projectgroups{/id}{?skip,take,ids,partialName}",
        ),
        ("ProjectTriggers", "projecttriggers{/id}{?skip,take,ids}"),
        ("Projects", "projects{/id}{?skip,take,ids,partialName}"),
        ("Releases", "releases{/id}{?skip,take,ids}"),
        ("Tasks", "tasks{/id}{?skip,take,ids,states}"),
        ("Variables", "variables{/id}"),
    ];
    let below = below.map(|(name, path)| (name, format!("/api/Spaces-1/{path}")));
    let own = own.map(|(name, path)| (name, path.to_owned()));
    let links: Links = own
        .into_iter()
        .chain(below)
        .map(|(name, path)| (name.to_owned(), path))
        .collect();
    Json(Root {
        application: "Octopus".to_owned(),
        version: COMPATIBLE.to_owned(),
        server_version: app.version.to_string(),
        api_version: "3.0.0".to_owned(),
        installation_id: app.identity.thumbprint().to_string().to_lowercase(),
        links,
    })
}

/// What clients may rely on, by Octopus's names.
pub(super) async fn capabilities(_caller: Caller) -> Json<Value> {
    let known = [
        "CreateReleaseCommandV1",
        "CreateDeploymentUntenantedCommandV1",
    ];
    Json(json!({ "Capabilities": known }))
}

/// No feature of this server is switched on or off.
pub(super) async fn feature_toggles(_caller: Caller) -> Json<Value> {
    Json(json!({ "Toggles": [] }))
}

/// What the server does, in the words of older clients.
pub(super) async fn features_configuration(_caller: Caller) -> Json<Value> {
    Json(json!({
        "Id": "features",
        "IsBuiltInWorkerEnabled": false,
        "IsCommunityActionTemplatesEnabled": false,
        "Links": { "Self": "/api/featuresconfiguration" },
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
