//! Where a release may go, and what a deployment there would do.

use api::{DeploymentPreview, DeploymentTemplate, Project, PromotionTarget, Release};
use axum::Json;

use super::way;
use crate::{
    error::ApiError,
    rest::{
        call::Call,
        documents::{environments, find, links, stored, variables},
        progression,
    },
    runner,
    store::deployments::Deployment,
};

/// `GET /api/{space}/releases/{id}/deployments/template`
pub(in crate::rest) async fn template(call: Call) -> Result<Json<DeploymentTemplate>, ApiError> {
    let (document, release) = find::<Release>(&call, call.id()).await?;
    let (_, project) = find::<Project>(&call, &release.project_id).await?;
    let way = way(&call, &project, &release, document.id).await?;
    let names = progression::names(&call).await?;
    let (_, set) = variables::of_project(&call, &project.id).await?;
    let now = format!("{}-s-{}", set.id, set.version);
    let targets = way.open().into_iter().map(|id| PromotionTarget {
        name: names.get(&id).cloned().unwrap_or_default(),
        links: links(
            call.space,
            &[(
                "Preview",
                format!("releases/{}/deployments/preview/{id}", release.id),
            )],
        ),
        id,
    });
    Ok(Json(DeploymentTemplate {
        promote_to: targets.collect(),
        is_variable_set_modified: now != release.project_variable_set_snapshot_id,
        deployment_notes: release.release_notes,
        release_id: release.id,
    }))
}

/// `GET /api/{space}/releases/{id}/deployments/preview/{environment}`
pub(in crate::rest) async fn preview(call: Call) -> Result<Json<DeploymentPreview>, ApiError> {
    let (document, release) = find::<Release>(&call, call.id()).await?;
    let (owner, _) = find::<Project>(&call, &release.project_id).await?;
    let environment = environments::find(&call, call.parameter("environment")).await?;
    let row = Deployment {
        space_id: call.space,
        project_id: owner.id,
        release_id: document.id,
        environment_id: environment.id,
        body: stored(&api::Deployment::default())?,
        ..Deployment::default()
    };
    let preview = runner::preview(&call.app, row).await?;
    preview.map(Json).map_err(ApiError::bad)
}
