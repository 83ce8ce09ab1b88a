//! Deployment processes: one for each project, replaced as a whole.

use api::{DeploymentAction, DeploymentProcess, Project, PropertyValue, process};
use axum::Json;

use super::{find, links, overtaken, stored};
use crate::{
    auth,
    error::ApiError,
    rest::{
        Body,
        call::Call,
        documents::environments,
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

/// The prefix of a process's id, before the project's.
pub(crate) const KIND: &str = "deploymentprocess";

/// To what a sealed property belongs.
pub(crate) const SECRET: &str = "deploymentprocess.property";

/// `GET /api/{space}/projects/{id}/deploymentprocesses`, and by the process's own id.
pub(in crate::rest) async fn one(call: Call) -> Result<Json<DeploymentProcess>, ApiError> {
    let (_, mut process) = of_project(&call, owner_of(KIND, call.id())).await?;
    hide(&mut process);
    Ok(Json(process))
}

/// The project's id in `deploymentprocess-Projects-1`; other texts as they are.
pub(super) fn owner_of<'a>(kind: &str, id: &'a str) -> &'a str {
    match id.get(..kind.len()) {
        Some(head) if head.eq_ignore_ascii_case(kind) => {
            id.get(kind.len() + 1..).unwrap_or_default()
        }
        _ => id,
    }
}

/// A project's process, with its secrets sealed.
pub(crate) async fn of_project(
    call: &Call,
    project: &str,
) -> Result<(Document, DeploymentProcess), ApiError> {
    let (owner, project) = find::<Project>(call, project).await?;
    let store = &call.app.store;
    let document = store
        .document_by_name(KIND, call.space, owner.id, "")
        .await?;
    let document =
        document.ok_or_else(|| ApiError::not_found("deployment process", &project.id))?;
    let mut process: DeploymentProcess =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    process.id = project.deployment_process_id;
    process.space_id = call.space_id();
    process.version = document.revision;
    let own = format!("deploymentprocesses/{}", process.id);
    let of = format!("projects/{}", project.id);
    process.links = links(call.space, &[("Self", own), ("Project", of)]);
    process.project_id = project.id;
    Ok((document, process))
}

/// Secrets never come out.
fn hide(process: &mut DeploymentProcess) {
    for value in properties(process) {
        if let PropertyValue::Sensitive(secret) = value {
            secret.new_value = None;
        }
    }
}

fn properties(process: &mut DeploymentProcess) -> impl Iterator<Item = &mut PropertyValue> {
    process.steps.iter_mut().flat_map(|step| {
        let own = step.properties.values_mut();
        own.chain(
            step.actions
                .iter_mut()
                .flat_map(|action| action.properties.values_mut()),
        )
    })
}

/// `PUT` of a process.
pub(in crate::rest) async fn change(
    call: Call,
    Body(mut new): Body<DeploymentProcess>,
) -> Result<Json<DeploymentProcess>, ApiError> {
    let project = owner_of(KIND, call.id()).to_owned();
    let (document, before) = of_project(&call, &project).await?;
    if new.version != 0 && new.version != document.revision {
        return Err(overtaken("deployment process"));
    }
    check(&call, &new).await?;
    complete(&mut new)?;
    seal(&call, &mut new, &before)?;
    new.last_snapshot_id = None;
    let message = "The deployment process was changed.".to_owned();
    let event = call.event("Modified", &before.id, message);
    let body = stored(&new)?;
    let store = &call.app.store;
    let changed = store.change_document(document.id, document.revision, "", &body, &event);
    if !changed.await? {
        return Err(overtaken("deployment process"));
    }
    let (_, mut process) = of_project(&call, &project).await?;
    hide(&mut process);
    Ok(Json(process))
}

async fn check(call: &Call, process: &DeploymentProcess) -> Result<(), ApiError> {
    let mut mistakes = Mistakes::default();
    let environments = environments::ids(call).await?;
    mistakes.different(
        "Steps.Name",
        process.steps.iter().map(|step| step.name.as_str()),
    );
    let actions = || process.steps.iter().flat_map(|step| &step.actions);
    mistakes.different(
        "Steps.Actions.Name",
        actions().map(|action| action.name.as_str()),
    );
    for step in &process.steps {
        mistakes.name("Steps.Name", &step.name);
        if step.actions.is_empty() {
            let name = shown(&step.name);
            mistakes.add(format!("Steps.Actions: the step {name} has no action."));
        }
        let parallel = step.properties.get(process::MAX_PARALLELISM);
        let parallel = parallel.map_or("", PropertyValue::text);
        if !parallel.is_empty()
            && !parallel.contains("#{")
            && parallel.parse::<u32>().map_or(true, |n| n == 0)
        {
            let field = format!("Steps.Properties.{}", process::MAX_PARALLELISM);
            mistakes.add(format!(
                "{field} `{}`: a number from 1 up.",
                shown(parallel)
            ));
        }
        let has_roles = step.properties.get(process::TARGET_ROLES);
        let has_roles = has_roles.is_some_and(|roles| !roles.text().trim().is_empty());
        for action in &step.actions {
            check_action(action, has_roles, &environments, &mut mistakes);
        }
    }
    mistakes.check()
}

fn check_action(
    action: &DeploymentAction,
    has_roles: bool,
    environments: &[String],
    mistakes: &mut Mistakes,
) {
    mistakes.name("Steps.Actions.Name", &action.name);
    let name = shown(&action.name);
    let text = |property: &str| {
        action
            .properties
            .get(property)
            .map_or("", PropertyValue::text)
    };
    match action.action_type.as_str() {
        process::TENTACLE_PACKAGE => {
            let own = action
                .packages
                .iter()
                .find(|package| package.name.is_empty());
            let named = own.map_or(text("Octopus.Action.Package.PackageId"), |own| {
                own.package_id.as_str()
            });
            if named.is_empty() {
                mistakes.add(format!(
                    "Steps.Actions.Packages: the action {name} names no package to deploy."
                ));
            }
        }
        process::SCRIPT => {
            let source = text("Octopus.Action.Script.ScriptSource");
            if !matches!(source, "" | "Inline") {
                mistakes.add(format!(
                    "Steps.Actions.Properties.Octopus.Action.Script.ScriptSource `{}`: \
                     the action {name} takes an Inline script.",
                    shown(source)
                ));
            }
            if text("Octopus.Action.Script.ScriptBody").trim().is_empty() {
                mistakes.add(format!(
                    "Steps.Actions.Properties.Octopus.Action.Script.ScriptBody: \
                     the action {name} has no script."
                ));
            }
        }
        process::MANUAL => {}
        other => mistakes.add(format!(
            "Steps.Actions.ActionType `{}`: this server knows Octopus.TentaclePackage, \
             Octopus.Script and Octopus.Manual.",
            shown(other)
        )),
    }
    for (property, least, most) in [
        (process::RETRIES, 0.0, 100.0),
        (process::BACKOFF, 0.0, 3600.0),
        (process::TIME_LIMIT, 0.0, 525_600.0),
    ] {
        let value = text(property);
        let is_right = |number: f64| (least..=most).contains(&number);
        if !value.is_empty() && !value.contains("#{") && !value.parse().is_ok_and(is_right) {
            mistakes.add(format!(
                "Steps.Actions.Properties.{property} `{}`: a number from {least} to {most}.",
                shown(value)
            ));
        }
    }
    let on_server = text(process::RUN_ON_SERVER).eq_ignore_ascii_case("true");
    if on_server && action.action_type == process::TENTACLE_PACKAGE {
        mistakes.add(format!(
            "Steps.Actions.Properties.{}: the server runs scripts, and installs no packages; \
             give the step of the action {name} the roles of machines.",
            process::RUN_ON_SERVER
        ));
    }
    if !has_roles && !on_server && action.action_type != process::MANUAL {
        mistakes.add(format!(
            "Steps.Properties.{}: the action {name} runs on machines, so its step names their roles.",
            process::TARGET_ROLES
        ));
    }
    for id in action
        .environments
        .iter()
        .chain(&action.excluded_environments)
    {
        if !environments.contains(id) {
            mistakes.add(format!(
                "Steps.Actions.Environments `{}`: this space has no environment with this id.",
                shown(id)
            ));
        }
    }
}

/// Fills in ids, and the package that older clients name by properties.
fn complete(process: &mut DeploymentProcess) -> Result<(), ApiError> {
    let fill = |id: &mut String| -> Result<(), ApiError> {
        if id.is_empty() {
            *id = auth::new_id()?;
        }
        Ok(())
    };
    for step in &mut process.steps {
        fill(&mut step.id)?;
        for action in &mut step.actions {
            fill(&mut action.id)?;
            let named = action.properties.get("Octopus.Action.Package.PackageId");
            let named = named.map_or("", PropertyValue::text).to_owned();
            if action.packages.is_empty() && !named.is_empty() {
                action.packages.push(api::PackageReference {
                    package_id: named,
                    ..api::PackageReference::default()
                });
            }
            for package in &mut action.packages {
                fill(&mut package.id)?;
                if package.feed_id.is_empty() {
                    "feeds-builtin".clone_into(&mut package.feed_id);
                }
                if package.acquisition_location.is_empty() {
                    "Server".clone_into(&mut package.acquisition_location);
                }
            }
        }
    }
    Ok(())
}

/// Seals new secrets, and keeps those that the caller left as they are.
fn seal(
    call: &Call,
    new: &mut DeploymentProcess,
    before: &DeploymentProcess,
) -> Result<(), ApiError> {
    let known = |action: &str, name: &str| {
        let actions = before.steps.iter().flat_map(|step| &step.actions);
        let action = actions.into_iter().find(|other| other.id == action)?;
        match action.properties.get(name) {
            Some(PropertyValue::Sensitive(secret)) => secret.new_value.clone(),
            _ => None,
        }
    };
    for action in new.steps.iter_mut().flat_map(|step| &mut step.actions) {
        for (name, value) in &mut action.properties {
            let PropertyValue::Sensitive(secret) = value else {
                continue;
            };
            secret.new_value = match &secret.new_value {
                Some(plain) => Some(call.app.store.seal(SECRET, plain)?),
                None if secret.has_value => known(&action.id, name),
                None => None,
            };
            secret.has_value = secret.new_value.is_some();
        }
    }
    Ok(())
}
