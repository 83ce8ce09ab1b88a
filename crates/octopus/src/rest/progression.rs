//! How far releases have come: of a project, and of one release phase by phase.

use std::collections::BTreeMap;

use api::{
    Channel, DeployedItem, LifecycleProgression, PhaseProgress, PhaseProgression, Project,
    ProjectProgression, Reference, Release, ReleaseProgression,
};
use axum::Json;
use conductor::release::Phase;

use super::{
    call::{Call, Paging},
    convert,
    deployments::{Way, way},
    documents::{environments, every, find, links, list_of},
};
use crate::{error::ApiError, lookup, store::standings::Standing};

/// `GET /api/{space}/projects/{id}/progression`, `?take=` so many releases.
pub(super) async fn of_project(
    call: Call,
    paging: Paging,
) -> Result<Json<ProjectProgression>, ApiError> {
    let (document, project) = find::<Project>(&call, call.id()).await?;
    let releases = list_of::<Release>(&call, &paging, Some(document.id)).await?;
    let channels = every::<Channel>(&call, Some(document.id)).await?;
    let standings = call.app.store.standings(document.id, 0).await?;
    let names = names(&call).await?;
    let mut progression = ProjectProgression::default();
    for release in releases.items {
        let row = lookup::row_id("Releases", &release.id).unwrap_or(0);
        let way = way(&call, &project, &release, row).await?;
        let known = progression
            .channel_environments
            .entry(release.channel_id.clone());
        known.or_insert_with(|| references(&way, &names));
        let mut deployments: BTreeMap<String, Vec<DeployedItem>> = BTreeMap::new();
        for standing in standings.iter().filter(|one| one.release_id == row) {
            let item = item(&call, standing, &release);
            let place = deployments.entry(item.environment_id.clone());
            place.or_default().push(item);
        }
        let channel = channels.iter().find(|one| one.id == release.channel_id);
        progression.releases.push(ReleaseProgression {
            next_deployments: next(&way),
            channel: channel.cloned().unwrap_or_default(),
            release,
            deployments,
            has_unresolved_defect: way.defect.is_some(),
        });
    }
    let mut all: Vec<Reference> = Vec::new();
    for reference in progression.channel_environments.values().flatten() {
        if !all.contains(reference) {
            all.push(reference.clone());
        }
    }
    progression.environments = all;
    Ok(Json(progression))
}

/// `GET /api/{space}/releases/{id}/progression`
pub(super) async fn of_release(call: Call) -> Result<Json<LifecycleProgression>, ApiError> {
    let (document, release) = find::<Release>(&call, call.id()).await?;
    let (_, project) = find::<Project>(&call, &release.project_id).await?;
    let way = way(&call, &project, &release, document.id).await?;
    let standings = call.app.store.standings(0, document.id).await?;
    let mut progression = LifecycleProgression {
        next_deployments: next(&way),
        ..LifecycleProgression::default()
    };
    let shown = way.shown();
    for (phase, own) in shown
        .iter()
        .zip(way.own.iter().chain(std::iter::repeat(&None)))
    {
        let reached = phase.environments.iter().filter(|id| way.done.contains(id));
        let reached = reached.count();
        let needed = needed(phase);
        let progress = match reached {
            0 if needed > 0 => PhaseProgress::Pending,
            some if some < needed => PhaseProgress::Current,
            _ => PhaseProgress::Complete,
        };
        let is_open = |id: &String| way.leads_to(id).is_ok();
        let blocked = !phase.environments.iter().any(is_open);
        if !blocked && progress != PhaseProgress::Complete {
            progression.next_deployments_minimum_required = needed.saturating_sub(reached);
        }
        let here = standings.iter().filter(|one| {
            let id = lookup::environment_id(one.environment_id);
            phase.environments.contains(&id)
        });
        let own = own.clone().unwrap_or_default();
        progression.phases.push(PhaseProgression {
            id: own.id,
            name: phase.name.clone(),
            blocked,
            progress,
            is_optional_phase: phase.optional,
            minimum_environments_before_promotion: phase.minimum,
            automatic_deployment_targets: phase.automatic.clone(),
            optional_deployment_targets: phase
                .environments
                .iter()
                .filter(|id| !phase.automatic.contains(id))
                .cloned()
                .collect(),
            deployments: here.map(|one| item(&call, one, &release)).collect(),
        });
    }
    Ok(Json(progression))
}

fn needed(phase: &Phase) -> usize {
    match (phase.optional, phase.minimum) {
        (true, _) => 0,
        (false, 0) => phase.environments.len(),
        (false, some) => some.min(phase.environments.len()),
    }
}

/// Where it may go, and has not been.
fn next(way: &Way) -> Vec<String> {
    let mut open = way.open();
    open.retain(|id| !way.done.contains(id));
    open
}

/// Environment id → name.
pub(super) async fn names(call: &Call) -> Result<BTreeMap<String, String>, ApiError> {
    let known = environments::ids_and_names(call).await?;
    Ok(known.into_iter().collect())
}

fn references(way: &Way, names: &BTreeMap<String, String>) -> Vec<Reference> {
    let phases = way.shown();
    let ids = phases.iter().flat_map(|phase| &phase.environments);
    let reference = |id: &String| Reference {
        id: id.clone(),
        name: names.get(id).cloned().unwrap_or_default(),
    };
    ids.map(reference).collect()
}

fn item(call: &Call, standing: &Standing, release: &Release) -> DeployedItem {
    let id = format!("Deployments-{}", standing.id);
    let task_id = lookup::task_id(standing.task_id);
    DeployedItem {
        links: links(
            call.space,
            &[
                ("Self", format!("deployments/{id}")),
                ("Task", format!("tasks/{task_id}")),
            ],
        ),
        deployment_id: id.clone(),
        id,
        project_id: release.project_id.clone(),
        environment_id: lookup::environment_id(standing.environment_id),
        release_id: release.id.clone(),
        release_version: release.version.clone(),
        task_id,
        state: standing.state,
        created: convert::time(standing.created_at),
        queue_time: convert::time(standing.queued_at),
        completed_time: standing.completed_at.map(convert::time),
        error_message: standing.error.clone(),
        has_pending_interruptions: standing.is_interrupted,
        has_warnings_or_errors: standing.has_warnings,
        is_completed: standing.state.is_completed(),
    }
}
