//! What people configure.

use api::{
    Channel, DeploymentProcess, Environment, Event, Feed, Lifecycle, Machine, NewMachine,
    PackageVersion, Page, Project, ProjectGroup, ProjectTrigger, Release, Space,
    variables::VariableSet,
};
use serde_json::Value;

use super::{needs, row::Row};
use crate::access::Permission as P;

const NAMES: &[&str] = &["ids", "partialName"];
const MACHINES: &[&str] = &[
    "ids",
    "partialName",
    "environmentIds",
    "roles",
    "healthStatuses",
    "isDisabled",
    "thumbprint",
    "communicationStyles",
];

pub(super) const ROWS: &[Row] = &[
    Row::get("/api/spaces", needs(P::SpaceView)).pages::<Space>(NAMES),
    Row::post("/api/spaces", needs(P::SpaceCreate)).keeps::<Space>(),
    Row::get("/api/spaces/all", needs(P::SpaceView)).gives::<Vec<Space>>(),
    Row::get("/api/spaces/{id}", needs(P::SpaceView)).gives::<Space>(),
    Row::put("/api/spaces/{id}", needs(P::SpaceEdit)).keeps::<Space>(),
    Row::delete("/api/spaces/{id}", needs(P::SpaceDelete)).gives::<Value>(),
    Row::get("/api/{space}/events", needs(P::EventView)).pages::<Event>(&[
        "regarding",
        "users",
        "eventCategories",
        "documentTypes",
        "from",
        "to",
        "includeSystem",
    ]),
    Row::get("/api/{space}/events/categories", needs(P::EventView)).gives::<Vec<Value>>(),
    Row::get("/api/{space}/events/{id}", needs(P::EventView)).gives::<Event>(),
    Row::get("/api/{space}/environments", needs(P::EnvironmentView)).pages::<Environment>(NAMES),
    Row::post("/api/{space}/environments", needs(P::EnvironmentCreate)).keeps::<Environment>(),
    Row::get("/api/{space}/environments/all", needs(P::EnvironmentView))
        .gives::<Vec<Environment>>(),
    Row::get("/api/{space}/environments/v2", needs(P::EnvironmentView)).pages::<Value>(NAMES),
    Row::put(
        "/api/{space}/environments/sortorder",
        needs(P::EnvironmentEdit),
    )
    .takes::<Vec<String>>(),
    Row::get("/api/{space}/environments/{id}", needs(P::EnvironmentView)).gives::<Environment>(),
    Row::put("/api/{space}/environments/{id}", needs(P::EnvironmentEdit)).keeps::<Environment>(),
    Row::delete(
        "/api/{space}/environments/{id}",
        needs(P::EnvironmentDelete),
    )
    .gives::<Value>(),
    Row::get(
        "/api/{space}/environments/{id}/machines",
        needs(P::MachineView),
    )
    .pages::<Machine>(MACHINES),
    Row::get("/api/{space}/machines", needs(P::MachineView)).pages::<Machine>(MACHINES),
    Row::post("/api/{space}/machines", needs(P::MachineCreate))
        .takes::<NewMachine>()
        .gives::<Machine>(),
    Row::get("/api/{space}/machines/all", needs(P::MachineView)).gives::<Vec<Machine>>(),
    Row::get("/api/{space}/machines/discover", needs(P::MachineCreate))
        .gives::<api::DiscoveredMachine>()
        .query(&["host", "port", "type"]),
    Row::get("/api/{space}/machines/{id}", needs(P::MachineView)).gives::<Machine>(),
    Row::put("/api/{space}/machines/{id}", needs(P::MachineEdit))
        .takes::<NewMachine>()
        .gives::<Machine>(),
    Row::delete("/api/{space}/machines/{id}", needs(P::MachineDelete)),
    Row::get(
        "/api/{space}/machines/{id}/connection",
        needs(P::MachineView),
    )
    .gives::<api::MachineConnection>(),
    Row::get("/api/{space}/machineroles/all", needs(P::MachineView)).gives::<Vec<String>>(),
    Row::get("/api/{space}/lifecycles", needs(P::LifecycleView)).pages::<Lifecycle>(NAMES),
    Row::post("/api/{space}/lifecycles", needs(P::LifecycleCreate)).keeps::<Lifecycle>(),
    Row::get("/api/{space}/lifecycles/all", needs(P::LifecycleView)).gives::<Vec<Lifecycle>>(),
    Row::get("/api/{space}/lifecycles/{id}", needs(P::LifecycleView)).gives::<Lifecycle>(),
    Row::put("/api/{space}/lifecycles/{id}", needs(P::LifecycleEdit)).keeps::<Lifecycle>(),
    Row::delete("/api/{space}/lifecycles/{id}", needs(P::LifecycleDelete)).gives::<Value>(),
    Row::get("/api/{space}/projectgroups", needs(P::ProjectGroupView)).pages::<ProjectGroup>(NAMES),
    Row::post("/api/{space}/projectgroups", needs(P::ProjectGroupCreate)).keeps::<ProjectGroup>(),
    Row::get("/api/{space}/projectgroups/all", needs(P::ProjectGroupView))
        .gives::<Vec<ProjectGroup>>(),
    Row::get(
        "/api/{space}/projectgroups/{id}",
        needs(P::ProjectGroupView),
    )
    .gives::<ProjectGroup>(),
    Row::put(
        "/api/{space}/projectgroups/{id}",
        needs(P::ProjectGroupEdit),
    )
    .keeps::<ProjectGroup>(),
    Row::delete(
        "/api/{space}/projectgroups/{id}",
        needs(P::ProjectGroupDelete),
    )
    .gives::<Value>(),
    Row::get("/api/{space}/projects", needs(P::ProjectView)).pages::<Project>(NAMES),
    Row::post("/api/{space}/projects", needs(P::ProjectCreate))
        .keeps::<Project>()
        .query(&["clone"]),
    Row::get("/api/{space}/projects/all", needs(P::ProjectView)).gives::<Vec<Project>>(),
    Row::get("/api/{space}/projects/{id}", needs(P::ProjectView)).gives::<Project>(),
    Row::put("/api/{space}/projects/{id}", needs(P::ProjectEdit)).keeps::<Project>(),
    Row::delete("/api/{space}/projects/{id}", needs(P::ProjectDelete)).gives::<Value>(),
    Row::get("/api/{space}/projects/{id}/channels", needs(P::ProcessView)).pages::<Channel>(NAMES),
    Row::get("/api/{space}/projects/{id}/releases", needs(P::ReleaseView))
        .pages::<Release>(&["searchByVersion"]),
    Row::get(
        "/api/{space}/projects/{id}/releases/{version}",
        needs(P::ReleaseView),
    )
    .gives::<Release>(),
    Row::get(
        "/api/{space}/projects/{id}/deploymentprocesses",
        needs(P::ProcessView),
    )
    .gives::<DeploymentProcess>(),
    Row::put(
        "/api/{space}/projects/{id}/deploymentprocesses",
        needs(P::ProcessEdit),
    )
    .keeps::<DeploymentProcess>(),
    Row::get(
        "/api/{space}/deploymentprocesses/{id}",
        needs(P::ProcessView),
    )
    .gives::<DeploymentProcess>(),
    Row::put(
        "/api/{space}/deploymentprocesses/{id}",
        needs(P::ProcessEdit),
    )
    .keeps::<DeploymentProcess>(),
    Row::get(
        "/api/{space}/projects/{id}/variables",
        needs(P::VariableView),
    )
    .gives::<VariableSet>(),
    Row::put(
        "/api/{space}/projects/{id}/variables",
        needs(P::VariableEdit),
    )
    .keeps::<VariableSet>(),
    Row::get("/api/{space}/variables/{id}", needs(P::VariableView)).gives::<VariableSet>(),
    Row::put("/api/{space}/variables/{id}", needs(P::VariableEdit)).keeps::<VariableSet>(),
    Row::get("/api/{space}/projects/{id}/triggers", needs(P::TriggerView))
        .pages::<ProjectTrigger>(NAMES),
    Row::get("/api/{space}/projecttriggers", needs(P::TriggerView)).pages::<ProjectTrigger>(NAMES),
    Row::post("/api/{space}/projecttriggers", needs(P::TriggerCreate)).keeps::<ProjectTrigger>(),
    Row::get("/api/{space}/projecttriggers/{id}", needs(P::TriggerView)).gives::<ProjectTrigger>(),
    Row::put("/api/{space}/projecttriggers/{id}", needs(P::TriggerEdit)).keeps::<ProjectTrigger>(),
    Row::delete("/api/{space}/projecttriggers/{id}", needs(P::TriggerDelete)).gives::<Value>(),
    Row::get("/api/{space}/channels", needs(P::ProcessView)).pages::<Channel>(NAMES),
    Row::post("/api/{space}/channels", needs(P::ProcessEdit)).keeps::<Channel>(),
    Row::get("/api/{space}/channels/all", needs(P::ProcessView)).gives::<Vec<Channel>>(),
    Row::get("/api/{space}/channels/{id}", needs(P::ProcessView)).gives::<Channel>(),
    Row::put("/api/{space}/channels/{id}", needs(P::ProcessEdit)).keeps::<Channel>(),
    Row::delete("/api/{space}/channels/{id}", needs(P::ProcessEdit)).gives::<Value>(),
    Row::get("/api/{space}/channels/{id}/releases", needs(P::ReleaseView)).pages::<Release>(&[]),
    Row::get("/api/{space}/feeds", needs(P::FeedView)).pages::<Feed>(&[
        "ids",
        "partialName",
        "feedType",
    ]),
    Row::post("/api/{space}/feeds", needs(P::FeedEdit)).keeps::<Feed>(),
    Row::get("/api/{space}/feeds/all", needs(P::FeedView)).gives::<Vec<Feed>>(),
    Row::get("/api/{space}/feeds/{id}", needs(P::FeedView)).gives::<Feed>(),
    Row::put("/api/{space}/feeds/{id}", needs(P::FeedEdit)).keeps::<Feed>(),
    Row::delete("/api/{space}/feeds/{id}", needs(P::FeedEdit)).gives::<Value>(),
    Row::get(
        "/api/{space}/feeds/{id}/packages/search",
        needs(P::FeedView),
    )
    .pages::<api::FoundPackage>(&["term"]),
    Row::get(
        "/api/{space}/feeds/{id}/packages/versions",
        needs(P::FeedView),
    )
    .gives::<Page<PackageVersion>>()
    .query(&[
        "packageId",
        "skip",
        "take",
        "versionRange",
        "preReleaseTag",
        "filter",
        "includePreRelease",
    ]),
    Row::get("/api/{space}/feeds/{id}/packages/notes", needs(P::FeedView))
        .gives::<api::PackageNotes>()
        .query(&["packageId", "version"]),
];
