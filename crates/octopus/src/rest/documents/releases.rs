//! Releases: made with a snapshot of process and variables. Only the latter can be renewed.

mod change;
mod choice;
mod command;
mod renew;
mod snapshot;

use api::{Channel, Project, Release, Snapshot};
use axum::Json;

pub(in crate::rest) use command::create_v1;
pub(in crate::rest) use renew::renew_variables;
pub(in crate::rest) use snapshot::snapshot_variables;

use super::{Resource, every, find, links, list_of, processes, variables};
use crate::{
    error::ApiError,
    lookup,
    rest::{
        builds,
        call::{Call, Paging, space_id},
        convert,
        mistakes::{Mistakes, shown},
    },
    runner,
    store::{self, documents::Document},
};

impl Resource for Release {
    const KIND: &'static str = "Releases";
    const TYPE: &'static str = "Release";
    const WHAT: &'static str = "release";
    const NEWEST_FIRST: bool = true;

    fn name(&self) -> &str {
        &self.version
    }

    fn owner(&self) -> &str {
        &self.project_id
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        self.snapshot = None;
        let own = format!("releases/{}", self.id);
        self.links = links(
            document.space_id,
            &[
                ("Project", format!("projects/{}", self.project_id)),
                ("Deployments", format!("{own}/deployments")),
                ("Defects", format!("{own}/defects")),
                ("ReportDefect", format!("{own}/defects")),
                ("ResolveDefect", format!("{own}/defects/resolve")),
                ("DeploymentTemplate", format!("{own}/deployments/template")),
                ("Progression", format!("{own}/progression")),
                ("SnapshotVariables", format!("{own}/snapshot-variables")),
                ("Self", own),
            ],
        );
    }

    fn made(&self, call: &Call) {
        runner::promote(&call.app);
    }

    fn is_fixed_once_deployed(&self, before: &Self) -> bool {
        change::of_fixed(self, before).next().is_some()
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        if let Some(before) = before {
            return change::check(call, self, before).await;
        }
        let (owner, project) = project(call, &self.project_id).await?;
        self.project_id = project.id.clone();
        let channels = every::<Channel>(call, Some(owner.id)).await?;
        let given = self.channel_id.to_lowercase();
        let chosen = channels.iter().find(|channel| match given.as_str() {
            "" => channel.is_default,
            given => channel.id.to_lowercase() == given || channel.name.to_lowercase() == given,
        });
        let Some(channel) = chosen else {
            let text = format!(
                "ChannelId `{}`: the project has no such channel.",
                shown(&self.channel_id)
            );
            return Err(ApiError::bad(text));
        };
        self.channel_id = channel.id.clone();
        let (_, process) = processes::of_project(call, &project.id).await?;
        let mut mistakes = Mistakes::default();
        self.selected_packages =
            choice::packages(call, self, channel, &process, &mut mistakes).await?;
        mistakes.check()?;
        self.version = choice::number(call, self, &project, owner.id).await?;
        let (_, set) = variables::of_project(call, &project.id).await?;
        self.build_information =
            builds::of_packages(call, &process, &self.selected_packages).await?;
        self.assembled = convert::time(store::now_ms());
        self.project_deployment_process_snapshot_id =
            format!("{}-s-{}", process.id, process.version);
        self.project_variable_set_snapshot_id = format!("{}-s-{}", set.id, set.version);
        self.snapshot = Some(Box::new(Snapshot {
            process,
            variables: set,
        }));
        Ok(())
    }
}

/// A project that takes releases and deployments.
pub(in crate::rest) async fn project(
    call: &Call,
    text: &str,
) -> Result<(Document, Project), ApiError> {
    let Ok((document, project)) = find::<Project>(call, text).await else {
        let text = format!(
            "ProjectId `{}`: this space has no such project.",
            shown(text)
        );
        return Err(ApiError::bad(text));
    };
    match project.is_disabled {
        true => Err(ApiError::bad(format!(
            "The project {} is disabled.",
            project.name
        ))),
        false => Ok((document, project)),
    }
}

/// `GET /api/{space}/projects/{id}/releases`
pub(in crate::rest) async fn of_project(
    call: Call,
    mut paging: Paging,
) -> Result<Json<api::Page<Release>>, ApiError> {
    let (project, _) = find::<Project>(&call, call.id()).await?;
    paging.rename("searchbyversion", "partialname");
    list_of(&call, &paging, Some(project.id)).await.map(Json)
}

/// `GET /api/{space}/projects/{id}/releases/{version}`
pub(in crate::rest) async fn by_version(call: Call) -> Result<Json<Release>, ApiError> {
    let (project, _) = find::<Project>(&call, call.id()).await?;
    let version = call.parameter("version");
    by_number(&call, project.id, version).await.map(Json)
}

/// A project's release by its number.
pub(in crate::rest) async fn by_number(
    call: &Call,
    project: i64,
    version: &str,
) -> Result<Release, ApiError> {
    let store = &call.app.store;
    let found = store
        .document_by_name(Release::KIND, call.space, project, version)
        .await?;
    let document = found.ok_or_else(|| ApiError::not_found("release", &shown(version)))?;
    super::from_document(&document)
}

/// `GET /api/{space}/channels/{id}/releases`
pub(in crate::rest) async fn of_channel(
    call: Call,
    paging: Paging,
) -> Result<Json<api::Page<Release>>, ApiError> {
    let (_, channel) = find::<Channel>(&call, call.id()).await?;
    let project = lookup::row_id("Projects", &channel.project_id);
    let mut all = every::<Release>(&call, project).await?;
    all.retain(|release| release.channel_id == channel.id);
    Ok(Json(paging.cut("Release", all)))
}
