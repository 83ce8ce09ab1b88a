//! Addresses of what people configure.

use api::{Channel, Lifecycle, Project, ProjectGroup, ProjectTrigger, Release, Space};
use axum::{
    Router,
    routing::{get, post, put},
};

use super::{
    builds, deployments,
    documents::{
        all, change, channels, create, defects, delete, environments, list, one, processes,
        projects, releases, triggers, variables,
    },
    events, feeds, interruptions, machines, progression,
};
use crate::app::App;

/// Routes of spaces and of the resources in them.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/spaces", get(list::<Space>).post(create::<Space>))
        .route("/api/spaces/all", get(all::<Space>))
        .route(
            "/api/spaces/{id}",
            get(one::<Space>)
                .put(change::<Space>)
                .delete(delete::<Space>),
        )
        .route("/api/{space}/events", get(events::list))
        .route("/api/{space}/events/categories", get(events::categories))
        .route("/api/{space}/events/{id}", get(events::one))
        .merge(feeds())
        .route("/api/{space}/machineroles/all", get(machines::roles))
        .merge(environments())
        .merge(of_projects())
        .merge(releases())
        .merge(interruptions())
}

fn interruptions() -> Router<App> {
    Router::new()
        .route("/api/{space}/interruptions", get(interruptions::list))
        .route("/api/{space}/interruptions/{id}", get(interruptions::one))
        .route(
            "/api/{space}/interruptions/{id}/responsible",
            get(interruptions::responsible).put(interruptions::take),
        )
        .route(
            "/api/{space}/interruptions/{id}/submit",
            post(interruptions::submit),
        )
}

fn feeds() -> Router<App> {
    Router::new()
        .route("/api/{space}/feeds", get(feeds::list).post(feeds::create))
        .route("/api/{space}/feeds/all", get(feeds::all))
        .route(
            "/api/{space}/feeds/{id}",
            get(feeds::one).put(feeds::change).delete(feeds::delete),
        )
        .route(
            "/api/{space}/feeds/{id}/packages/search",
            get(feeds::search),
        )
        .route(
            "/api/{space}/feeds/{id}/packages/versions",
            get(feeds::versions),
        )
        .route("/api/{space}/feeds/{id}/packages/notes", get(feeds::notes))
        .route(
            "/api/{space}/build-information",
            get(builds::list).post(builds::create),
        )
        .route(
            "/api/{space}/build-information/{id}",
            get(builds::get).delete(builds::remove),
        )
}

fn environments() -> Router<App> {
    Router::new()
        .route(
            "/api/{space}/environments",
            get(environments::list).post(environments::create),
        )
        .route("/api/{space}/environments/all", get(environments::all))
        .route("/api/{space}/environments/v2", get(environments::list_v2))
        .route(
            "/api/{space}/environments/sortorder",
            put(environments::sort),
        )
        .route(
            "/api/{space}/environments/{id}",
            get(environments::one)
                .put(environments::change)
                .delete(environments::delete),
        )
        .route(
            "/api/{space}/environments/{id}/machines",
            get(environments::machines),
        )
        .route(
            "/api/{space}/lifecycles",
            get(list::<Lifecycle>).post(create::<Lifecycle>),
        )
        .route("/api/{space}/lifecycles/all", get(all::<Lifecycle>))
        .route(
            "/api/{space}/lifecycles/{id}",
            get(one::<Lifecycle>)
                .put(change::<Lifecycle>)
                .delete(delete::<Lifecycle>),
        )
}

fn of_projects() -> Router<App> {
    Router::new()
        .route(
            "/api/{space}/projectgroups",
            get(list::<ProjectGroup>).post(create::<ProjectGroup>),
        )
        .route("/api/{space}/projectgroups/all", get(all::<ProjectGroup>))
        .route(
            "/api/{space}/projectgroups/{id}",
            get(one::<ProjectGroup>)
                .put(change::<ProjectGroup>)
                .delete(delete::<ProjectGroup>),
        )
        .route(
            "/api/{space}/projects",
            get(list::<Project>).post(projects::copy::create),
        )
        .route("/api/{space}/projects/all", get(all::<Project>))
        .route(
            "/api/{space}/projects/{id}",
            get(one::<Project>)
                .put(change::<Project>)
                .delete(delete::<Project>),
        )
        .route(
            "/api/{space}/projects/{id}/channels",
            get(channels::of_project),
        )
        .route(
            "/api/{space}/projects/{id}/deploymentprocesses",
            get(processes::one).put(processes::change),
        )
        .route(
            "/api/{space}/projects/{id}/variables",
            get(variables::one).put(variables::change),
        )
        .route(
            "/api/{space}/deploymentprocesses/{id}",
            get(processes::one).put(processes::change),
        )
        .route(
            "/api/{space}/variables/{id}",
            get(variables::one).put(variables::change),
        )
        .route(
            "/api/{space}/projects/{id}/triggers",
            get(triggers::of_project),
        )
        .route(
            "/api/{space}/projecttriggers",
            get(list::<ProjectTrigger>).post(create::<ProjectTrigger>),
        )
        .route(
            "/api/{space}/projecttriggers/{id}",
            get(one::<ProjectTrigger>)
                .put(change::<ProjectTrigger>)
                .delete(delete::<ProjectTrigger>),
        )
        .route(
            "/api/{space}/channels",
            get(list::<Channel>).post(create::<Channel>),
        )
        .route("/api/{space}/channels/all", get(all::<Channel>))
        .route(
            "/api/{space}/channels/{id}",
            get(one::<Channel>)
                .put(change::<Channel>)
                .delete(delete::<Channel>),
        )
}

fn releases() -> Router<App> {
    Router::new()
        .route(
            "/api/{space}/releases",
            get(list::<Release>).post(create::<Release>),
        )
        .route("/api/{space}/releases/create/v1", post(releases::create_v1))
        .route(
            "/api/{space}/releases/{id}",
            get(one::<Release>)
                .put(change::<Release>)
                .delete(delete::<Release>),
        )
        .route(
            "/api/{space}/releases/{id}/deployments",
            get(deployments::of_release),
        )
        .route(
            "/api/{space}/releases/{id}/deployments/template",
            get(deployments::template),
        )
        .route(
            "/api/{space}/releases/{id}/deployments/preview/{environment}",
            get(deployments::preview),
        )
        .route(
            "/api/{space}/releases/{id}/progression",
            get(progression::of_release),
        )
        .route(
            "/api/{space}/releases/{id}/defects",
            get(defects::list).post(defects::report),
        )
        .route(
            "/api/{space}/releases/{id}/defects/resolve",
            post(defects::resolve),
        )
        .route(
            "/api/{space}/releases/{id}/snapshot-variables",
            post(releases::snapshot_variables),
        )
        .route(
            "/api/{space}/projects/{id}/progression",
            get(progression::of_project),
        )
        .route(
            "/api/{space}/projects/{id}/releases",
            get(releases::of_project),
        )
        .route(
            "/api/{space}/projects/{id}/releases/{version}",
            get(releases::by_version),
        )
        .route(
            "/api/{space}/channels/{id}/releases",
            get(releases::of_channel),
        )
        .route(
            "/api/{space}/deployments",
            get(deployments::list).post(deployments::create),
        )
        .route(
            "/api/{space}/deployments/create/untenanted/v1",
            post(deployments::create_v1),
        )
        .route("/api/{space}/deployments/{id}", get(deployments::one))
}
