//! Pages for people.

use super::{
    Access::{Known, Open},
    needs,
    row::Row,
};
use crate::access::Permission as P;

pub(super) const ROWS: &[Row] = &[
    Row::get("/", Open).unlisted(),
    Row::get("/assets/{name}", Open).unlisted(),
    Row::get("/signin", Open).unlisted(),
    Row::post("/signin", Open).unlisted(),
    Row::post("/signout", Known).unlisted(),
    Row::get("/environments", needs(P::MachineView)).unlisted(),
    Row::get("/environments/events", needs(P::MachineView)).unlisted(),
    Row::get("/environments/upgrade", needs(P::MachineEdit)).unlisted(),
    Row::get("/environments/{id}/upgrade", needs(P::MachineEdit)).unlisted(),
    Row::get("/machines/{id}", needs(P::MachineView)).unlisted(),
    Row::get("/machines/{id}/upgrade", needs(P::MachineEdit)).unlisted(),
    Row::get("/projects", needs(P::ProjectView)).unlisted(),
    Row::get("/projects/{id}", needs(P::ProjectView)).unlisted(),
    Row::post("/projects/{id}/triggers", needs(P::TriggerCreate)).unlisted(),
    Row::post("/triggers/{id}", needs(P::TriggerEdit)).unlisted(),
    Row::get("/releases/{id}", needs(P::ReleaseView)).unlisted(),
    Row::post("/releases/{id}/deployments", needs(P::DeploymentCreate)).unlisted(),
    Row::post("/releases/{id}/progression", needs(P::DefectReport)).unlisted(),
    Row::get("/packages", needs(P::BuiltInFeedDownload)).unlisted(),
    Row::get("/packages/{id}", needs(P::BuiltInFeedDownload)).unlisted(),
    Row::post("/packages/{id}/deployments", needs(P::DeploymentCreate)).unlisted(),
    Row::get("/tasks", needs(P::TaskView)).unlisted(),
    Row::get("/tasks/events", needs(P::TaskView)).unlisted(),
    Row::get("/tasks/{id}", needs(P::TaskView)).unlisted(),
    Row::get("/tasks/{id}/events", needs(P::TaskView)).unlisted(),
    Row::get("/tasks/{id}/raw", needs(P::TaskView)).unlisted(),
    Row::post("/interruptions/{id}", needs(P::InterruptionSubmit)).unlisted(),
    Row::post("/tasks/{id}/cancel", needs(P::TaskCancel)).unlisted(),
];
