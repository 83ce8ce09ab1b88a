//! Deployments that triggers make, when a machine becomes available.

use std::collections::BTreeMap;

use api::{Deployment, ProjectTrigger};

use super::{Ordered, order};
use crate::{
    app::App,
    error::ApiError,
    lookup,
    rest::{
        call::Call,
        documents::{Resource, from_document, stored, triggers},
    },
    runner,
    store::{
        arrivals::Arrival, causes::Cause, deployments, documents::Document, events::NewEvent,
        machines::Machine,
    },
};

/// What became of an arrival.
#[derive(Default)]
pub(crate) struct Looked {
    /// A deployment that goes on holds something up; look again when it has ended.
    pub(crate) is_open: bool,
    /// To be written down when nothing is open.
    pub(crate) events: Vec<NewEvent>,
}

/// Deploys to a machine that has arrived whatever triggers ask for.
pub(crate) async fn deploy_to_arrived(app: &App, arrival: &Arrival) -> Result<Looked, ApiError> {
    let mut looked = Looked::default();
    let Some(machine) = app.store.machine(arrival.machine_id).await? else {
        return Ok(looked);
    };
    // Project and environment → space, and whether it is deployed once more.
    let mut wanted: BTreeMap<(i64, i64), (i64, bool)> = BTreeMap::new();
    let documents = app.store.documents_of(&[ProjectTrigger::KIND]).await?;
    for environment in app.store.environments().await? {
        if !machine.environments.contains(&environment.id) {
            continue;
        }
        let id = lookup::environment_id(environment.id);
        let here = |document: &&Document| document.space_id == environment.space_id;
        for document in documents.iter().filter(here) {
            let trigger: ProjectTrigger = from_document(document)?;
            if triggers::asks(&trigger, &id, &machine.roles, arrival.categories()) {
                let place = wanted.entry((document.owner_id, environment.id));
                let (_, again) = place.or_insert((environment.space_id, false));
                *again |= trigger
                    .action
                    .should_redeploy_when_machine_has_been_deployed_to;
            }
        }
    }
    for ((project, environment), (space, again)) in wanted {
        let call = Call::of_server(app, space);
        let place = Place {
            project,
            environment,
            again,
        };
        match deploy(&call, arrival, &machine, &place).await {
            Ok(is_open) => looked.is_open |= is_open,
            // What is wrong with one project holds up no other.
            Err(why) => looked.events.push(refused(&call, &machine, &place, why)),
        }
    }
    Ok(looked)
}

struct Place {
    project: i64,
    environment: i64,
    /// Also when the machine has it already.
    again: bool,
}

/// Deploys what an environment has of a project. True: not yet.
async fn deploy(
    call: &Call,
    arrival: &Arrival,
    machine: &Machine,
    place: &Place,
) -> Result<bool, ApiError> {
    let store = &call.app.store;
    let (project, environment) = (place.project, place.environment);
    let document = store.document(api::Project::KIND, project).await?;
    let project_now: Option<api::Project> = document.as_ref().map(from_document).transpose()?;
    if project_now.is_none_or(|project| project.is_disabled) {
        return Ok(false);
    }
    if store.is_deploying(project, environment).await? {
        return Ok(true);
    }
    let Some(current) = store.current_deployment(project, environment).await? else {
        return Ok(false);
    };
    let has = store.release_on(machine.id, project, environment).await?;
    if has == Some(current.release_id) && !place.again {
        return Ok(false);
    }
    let before: Deployment =
        serde_json::from_str(&current.body).map_err(|error| ApiError::internal(&error))?;
    let mut new = Deployment {
        release_id: format!("Releases-{}", current.release_id),
        environment_id: lookup::environment_id(environment),
        specific_machine_ids: vec![lookup::machine_id(machine.id)],
        comments: format!(
            "Deployed by itself, because {} became available.",
            machine.name
        ),
        // What people said when it was last asked.
        form_values: before.form_values,
        ..Deployment::default()
    };
    let row = deployments::Deployment {
        body: stored(&new)?,
        ..current
    };
    if !runner::reaches(&call.app, row, machine.id).await? {
        return Ok(false);
    }
    for value in new.form_values.values_mut() {
        *value = store.unseal(runner::PROMPT, value)?;
    }
    let cause = Cause::Arrival {
        id: arrival.id,
        revision: arrival.revision,
    };
    match order(call, new, cause).await? {
        Ordered::Made(_) | Ordered::Known => Ok(false),
        Ordered::Later => Ok(true),
    }
}

fn refused(call: &Call, machine: &Machine, place: &Place, why: ApiError) -> NewEvent {
    let mut words = vec![why.message];
    words.extend(why.errors);
    let text = format!(
        "What {} has could not be deployed to {} by itself: {}",
        lookup::environment_id(place.environment),
        machine.name,
        words.join(" ")
    );
    let project = format!("Projects-{}", place.project);
    call.event("DeploymentFailed", &project, text)
}
