//! Releases, deployments and tasks.

use api::{
    Artifact, CreateDeploymentV1, CreateReleaseV1, CreatedDeployments, CreatedRelease, Defect,
    Deployment, DeploymentPreview, DeploymentTemplate, Interruption, LifecycleProgression,
    NewDefect, NewTask, ProjectProgression, Release, Task, TaskDetails, TaskLogEntry,
};
use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    needs,
    row::{Content, Row},
};
use crate::access::Permission as P;

pub(super) const ROWS: &[Row] = &[
    Row::get("/api/{space}/releases", needs(P::ReleaseView))
        .pages::<Release>(&["ids", "partialName"]),
    Row::post("/api/{space}/releases", needs(P::ReleaseCreate)).keeps::<Release>(),
    Row::post("/api/{space}/releases/create/v1", needs(P::ReleaseCreate))
        .takes::<CreateReleaseV1>()
        .gives::<CreatedRelease>()
        .or(200),
    Row::get(
        "/api/{space}/releases/{id}/deployments/template",
        needs(P::DeploymentView),
    )
    .gives::<DeploymentTemplate>(),
    Row::get(
        "/api/{space}/releases/{id}/deployments/preview/{environment}",
        needs(P::DeploymentView),
    )
    .gives::<DeploymentPreview>(),
    Row::get(
        "/api/{space}/releases/{id}/progression",
        needs(P::ReleaseView),
    )
    .gives::<LifecycleProgression>(),
    Row::get("/api/{space}/releases/{id}/defects", needs(P::ReleaseView)).pages::<Defect>(&[]),
    Row::post("/api/{space}/releases/{id}/defects", needs(P::DefectReport))
        .takes::<NewDefect>()
        .gives::<Defect>(),
    Row::post(
        "/api/{space}/releases/{id}/defects/resolve",
        needs(P::DefectResolve),
    )
    .gives::<Defect>()
    .status(200),
    Row::post(
        "/api/{space}/releases/{id}/snapshot-variables",
        needs(P::ReleaseEdit),
    )
    .gives::<Release>()
    .status(200),
    Row::get(
        "/api/{space}/projects/{id}/progression",
        needs(P::ReleaseView),
    )
    .gives::<ProjectProgression>(),
    Row::get("/api/{space}/interruptions", needs(P::InterruptionView))
        .pages::<Interruption>(&["regarding", "pendingOnly"]),
    Row::get(
        "/api/{space}/interruptions/{id}",
        needs(P::InterruptionView),
    )
    .gives::<Interruption>(),
    Row::get(
        "/api/{space}/interruptions/{id}/responsible",
        needs(P::InterruptionView),
    )
    .gives::<Value>(),
    Row::put(
        "/api/{space}/interruptions/{id}/responsible",
        needs(P::InterruptionSubmit),
    )
    .gives::<Value>(),
    Row::post(
        "/api/{space}/interruptions/{id}/submit",
        needs(P::InterruptionSubmit),
    )
    .takes::<BTreeMap<String, Option<String>>>()
    .gives::<Interruption>()
    .status(200),
    Row::get("/api/{space}/tasks/{id}/queued-behind", needs(P::TaskView)).pages::<Task>(&[]),
    Row::post("/api/{space}/tasks/rerun/{id}", needs(P::TaskCreate)).gives::<Task>(),
    Row::post("/api/tasks/rerun/{id}", needs(P::TaskCreate)).gives::<Task>(),
    Row::get("/api/{space}/releases/{id}", needs(P::ReleaseView)).gives::<Release>(),
    Row::put("/api/{space}/releases/{id}", needs(P::ReleaseEdit)).keeps::<Release>(),
    Row::delete("/api/{space}/releases/{id}", needs(P::ReleaseDelete)).gives::<Value>(),
    Row::get(
        "/api/{space}/releases/{id}/deployments",
        needs(P::DeploymentView),
    )
    .pages::<Deployment>(&[]),
    Row::get("/api/{space}/deployments", needs(P::DeploymentView)).pages::<Deployment>(&[
        "ids",
        "projects",
        "environments",
    ]),
    Row::post("/api/{space}/deployments", needs(P::DeploymentCreate)).keeps::<Deployment>(),
    Row::post(
        "/api/{space}/deployments/create/untenanted/v1",
        needs(P::DeploymentCreate),
    )
    .takes::<CreateDeploymentV1>()
    .gives::<CreatedDeployments>(),
    Row::get("/api/{space}/deployments/{id}", needs(P::DeploymentView)).gives::<Deployment>(),
    Row::get("/api/{space}/tasks", needs(P::TaskView)).pages::<Task>(&[
        "ids",
        "states",
        "name",
        "project",
        "environment",
        "running",
        "hasPendingInterruptions",
        "hasWarningsOrErrors",
    ]),
    Row::post("/api/{space}/tasks", needs(P::TaskCreate))
        .takes::<NewTask>()
        .gives::<Task>(),
    Row::get("/api/{space}/tasks/{id}", needs(P::TaskView)).gives::<Task>(),
    Row::get("/api/{space}/tasks/{id}/details", needs(P::TaskView)).gives::<TaskDetails>(),
    Row::get("/api/{space}/tasks/{id}/log", needs(P::TaskView))
        .gives::<Vec<TaskLogEntry>>()
        .query(&["after"]),
    Row::get("/api/{space}/tasks/{id}/raw", needs(P::TaskView)).sends(Content::Text),
    Row::post("/api/{space}/tasks/{id}/cancel", needs(P::TaskCancel))
        .gives::<Task>()
        .status(200),
    Row::get("/api/tasks/{id}", needs(P::TaskView)).gives::<Task>(),
    Row::post("/api/tasks/{id}/cancel", needs(P::TaskCancel))
        .gives::<Task>()
        .status(200),
    Row::get("/api/{space}/artifacts", needs(P::ArtifactView)).pages::<Artifact>(&["regarding"]),
    Row::get("/api/{space}/artifacts/{id}", needs(P::ArtifactView)).gives::<Artifact>(),
    Row::get(
        "/api/{space}/artifacts/{id}/content",
        needs(P::ArtifactView),
    )
    .sends(Content::Bytes),
];
