//! Releases by names, as command lines and pipelines make them.

use api::{CreateReleaseV1, CreatedRelease, DeploymentProcess, Release, SelectedPackage};
use axum::{Json, http::StatusCode};

use super::{by_number, project};
use crate::{
    error::ApiError,
    rest::{
        Body,
        call::Call,
        documents::{make, processes},
        mistakes::shown,
    },
};

/// `POST /api/{space}/releases/create/v1`
pub(in crate::rest) async fn create_v1(
    call: Call,
    Body(command): Body<CreateReleaseV1>,
) -> Result<(StatusCode, Json<CreatedRelease>), ApiError> {
    let (owner, project) = project(&call, &command.project_name).await?;
    if command.ignore_if_already_exists
        && let Ok(known) = by_number(&call, owner.id, &command.release_version).await
    {
        return Ok((StatusCode::OK, Json(answer(known))));
    }
    let (_, process) = processes::of_project(&call, &project.id).await?;
    let release = Release {
        project_id: project.id,
        version: command.release_version.clone(),
        channel_id: command.channel_name.clone(),
        release_notes: command.release_notes.clone(),
        ignore_channel_rules: command.ignore_channel_rules,
        selected_packages: selected(&command, &process)?,
        ..Release::default()
    };
    Ok((
        StatusCode::CREATED,
        Json(answer(make(&call, release).await?)),
    ))
}

fn answer(release: Release) -> CreatedRelease {
    CreatedRelease {
        release_id: release.id,
        release_version: release.version,
    }
}

/// The version of each package, the most exact word first: step and package, either of them,
/// then the version for all.
fn selected(
    command: &CreateReleaseV1,
    process: &DeploymentProcess,
) -> Result<Vec<SelectedPackage>, ApiError> {
    let mut words = Vec::new();
    for text in &command.packages {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            [name, version] => words.push((*name, "*", *version)),
            [step, package, version] => words.push((*step, *package, *version)),
            _ => {
                return Err(ApiError::bad(format!(
                    "Packages `{}`: write it as Step:Version or Step:Package:Version.",
                    shown(text)
                )));
            }
        }
    }
    let mut chosen = Vec::new();
    for action in process.steps.iter().flat_map(|step| &step.actions) {
        for package in &action.packages {
            let is = |word: &str, name: &str| word.eq_ignore_ascii_case(name);
            let fits = |(first, second, _): &&(&str, &str, &str)| {
                let by_step = is(first, &action.name) || *first == "*";
                let named = is(second, &package.name) || is(second, &package.package_id);
                let by_package = named || *second == "*";
                (by_step && by_package) || (is(first, &package.package_id) && *second == "*")
            };
            let found = words
                .iter()
                .rev()
                .find(fits)
                .map(|(_, _, version)| *version);
            let version = found.unwrap_or(&command.package_version);
            if !version.is_empty() {
                chosen.push(SelectedPackage {
                    action_name: action.name.clone(),
                    package_reference_name: package.name.clone(),
                    version: version.to_owned(),
                });
            }
        }
    }
    Ok(chosen)
}
