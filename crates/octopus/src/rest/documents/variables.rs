//! Variables of a project. Values of sensitive ones are sealed, and never come out.

use api::{
    Channel, Project,
    variables::{Reference, ScopeValues, Variable, VariableSet, VariableType},
};
use axum::Json;

use super::{every, find, links, overtaken, processes, stored};
use crate::{
    auth,
    error::ApiError,
    lookup,
    rest::{
        Body,
        call::Call,
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

/// The prefix of a variable set's id, before the project's.
pub(crate) const KIND: &str = "variableset";

/// To what a sealed value belongs.
pub(crate) const SECRET: &str = "variableset.value";

/// `GET /api/{space}/variables/{id}`, and by the project's id.
pub(in crate::rest) async fn one(call: Call) -> Result<Json<VariableSet>, ApiError> {
    let (_, set) = of_project(&call, processes::owner_of(KIND, call.id())).await?;
    shown_set(&call, set).await.map(Json)
}

/// A project's variables, with the sensitive ones sealed.
pub(crate) async fn of_project(
    call: &Call,
    project: &str,
) -> Result<(Document, VariableSet), ApiError> {
    let (owner, project) = find::<Project>(call, project).await?;
    let store = &call.app.store;
    let document = store
        .document_by_name(KIND, call.space, owner.id, "")
        .await?;
    let document = document.ok_or_else(|| ApiError::not_found("variable set", &project.id))?;
    let mut set: VariableSet =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    set.id = project.variable_set_id;
    set.space_id = call.space_id();
    set.version = document.revision;
    let own = format!("variables/{}", set.id);
    let of = format!("projects/{}", project.id);
    set.links = links(call.space, &[("Self", own), ("Project", of)]);
    set.owner_id = project.id;
    Ok((document, set))
}

async fn shown_set(call: &Call, mut set: VariableSet) -> Result<VariableSet, ApiError> {
    for variable in &mut set.variables {
        if variable.is_sensitive {
            variable.value = None;
        }
    }
    set.scope_values = scope_values(call, &set.owner_id).await?;
    Ok(set)
}

/// What the scopes of a project's variables may name.
async fn scope_values(call: &Call, project: &str) -> Result<ScopeValues, ApiError> {
    let reference = |id: String, name: &str| Reference {
        id,
        name: name.to_owned(),
    };
    let store = &call.app.store;
    let environments = store.environments_of(call.space).await?;
    let machines = store.machines().await?;
    let here = |machine: &&crate::store::machines::Machine| {
        let known = |id: &i64| environments.iter().any(|one| one.id == *id);
        machine.environments.iter().any(known)
    };
    let mut roles: Vec<&String> = machines
        .iter()
        .filter(here)
        .flat_map(|one| &one.roles)
        .collect();
    roles.sort();
    roles.dedup();
    let (_, process) = processes::of_project(call, project).await?;
    let actions = process.steps.iter().flat_map(|step| &step.actions);
    let channels = every::<Channel>(call, lookup::row_id("Projects", project)).await?;
    Ok(ScopeValues {
        machines: machines
            .iter()
            .filter(here)
            .map(|one| reference(lookup::machine_id(one.id), &one.name))
            .collect(),
        actions: actions
            .map(|one| reference(one.id.clone(), &one.name))
            .collect(),
        roles: roles
            .into_iter()
            .map(|role| reference(role.clone(), role))
            .collect(),
        channels: channels
            .into_iter()
            .map(|one| reference(one.id, &one.name))
            .collect(),
        processes: vec![reference(process.id, "Deployment process")],
        environments: environments
            .iter()
            .map(|one| reference(lookup::environment_id(one.id), &one.name))
            .collect(),
    })
}

/// `PUT` of a variable set.
pub(in crate::rest) async fn change(
    call: Call,
    Body(mut new): Body<VariableSet>,
) -> Result<Json<VariableSet>, ApiError> {
    let project = processes::owner_of(KIND, call.id()).to_owned();
    let (document, before) = of_project(&call, &project).await?;
    if new.version != 0 && new.version != document.revision {
        return Err(overtaken("variable set"));
    }
    let values = scope_values(&call, &before.owner_id).await?;
    let mut mistakes = Mistakes::default();
    for variable in &mut new.variables {
        check(variable, &values, &mut mistakes);
    }
    mistakes.check()?;
    for variable in &mut new.variables {
        seal(&call, variable, &before)?;
    }
    let message = "The variables were changed.".to_owned();
    let event = call.event("Modified", &before.id, message);
    let body = stored(&new)?;
    let store = &call.app.store;
    let changed = store.change_document(document.id, document.revision, "", &body, &event);
    if !changed.await? {
        return Err(overtaken("variable set"));
    }
    let (_, set) = of_project(&call, &project).await?;
    shown_set(&call, set).await.map(Json)
}

fn check(variable: &mut Variable, values: &ScopeValues, mistakes: &mut Mistakes) {
    let name = variable.name.trim().to_owned();
    let length = name.chars().count();
    if length == 0 || length > 1000 || name.chars().any(char::is_control) {
        mistakes.add(format!(
            "Variables.Name `{}`: the name of a variable takes 1 to 1000 characters on one line.",
            shown(&name)
        ));
    }
    variable.name = name;
    let scope = &variable.scope;
    let known = [
        ("Environment", &scope.environment, &values.environments),
        ("Machine", &scope.machine, &values.machines),
        ("Action", &scope.action, &values.actions),
        ("Channel", &scope.channel, &values.channels),
        ("ProcessOwner", &scope.process_owner, &values.processes),
    ];
    for (field, given, known) in known {
        for id in given {
            if !known.iter().any(|one| one.id == *id) {
                mistakes.add(format!(
                    "Variables.Scope.{field} `{}`: there is nothing with this id; see ScopeValues.",
                    shown(id)
                ));
            }
        }
    }
}

fn seal(call: &Call, variable: &mut Variable, before: &VariableSet) -> Result<(), ApiError> {
    if variable.r#type == VariableType::Sensitive {
        variable.is_sensitive = true;
    }
    let kept = before
        .variables
        .iter()
        .find(|one| !one.id.is_empty() && one.id == variable.id);
    if variable.is_sensitive {
        variable.r#type = VariableType::Sensitive;
        variable.value = match &variable.value {
            Some(plain) => Some(call.app.store.seal(SECRET, plain)?),
            None => kept
                .filter(|kept| kept.is_sensitive)
                .and_then(|kept| kept.value.clone()),
        };
    }
    if variable.id.is_empty() {
        variable.id = auth::new_id()?;
    }
    Ok(())
}
