//! Deployments that a lifecycle makes by itself.

use api::{Deployment, Release};
use conductor::release::automatic;

use super::{order, way};
use crate::{
    app::App,
    error::ApiError,
    lookup,
    rest::{
        call::Call,
        documents::{Resource, find, releases},
    },
    store::causes::Cause,
};

/// Deploys a release wherever it goes by itself now and has not been yet.
pub(crate) async fn deploy_automatically(app: &App, release: i64) -> Result<(), ApiError> {
    let Some(document) = app.store.document(Release::KIND, release).await? else {
        return Ok(());
    };
    let call = Call::of_server(app, document.space_id);
    let (_, release) = find::<Release>(&call, &document.public_id()).await?;
    let (_, project) = releases::project(&call, &release.project_id).await?;
    let way = way(&call, &project, &release, document.id).await?;
    let ordered = app.store.ordered_to(document.id).await?;
    let ordered: Vec<String> = ordered.into_iter().map(lookup::environment_id).collect();
    for environment in automatic(&way.phases, &way.all, &way.done, &ordered) {
        // It is looked at once more when the defect is resolved.
        if way.leads_to(&environment).is_err() {
            continue;
        }
        let new = Deployment {
            release_id: release.id.clone(),
            environment_id: environment.clone(),
            comments: "Deployed by itself, as the lifecycle says.".to_owned(),
            ..Deployment::default()
        };
        if let Err(why) = order(&call, new, Cause::Lifecycle).await {
            let mut words = vec![why.message];
            words.extend(why.errors);
            let text = format!(
                "Release {} of {} could not be deployed to {environment} by itself: {}",
                release.version,
                project.name,
                words.join(" ")
            );
            let event = call.event("DeploymentFailed", &release.id, text);
            app.store.record(&event).await?;
        }
    }
    Ok(())
}
