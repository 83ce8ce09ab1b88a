//! Deployments by names, as command lines and pipelines make them.

use api::{CreateDeploymentV1, CreatedDeployments, Deployment, DeploymentServerTask};
use axum::{Json, http::StatusCode};

use super::make;
use crate::{
    error::ApiError,
    rest::{
        Body,
        call::Call,
        documents::{processes, releases, variables},
        mistakes::{Mistakes, shown},
    },
};

/// `POST /api/{space}/deployments/create/untenanted/v1`
pub(in crate::rest) async fn create_v1(
    call: Call,
    Body(command): Body<CreateDeploymentV1>,
) -> Result<(StatusCode, Json<CreatedDeployments>), ApiError> {
    let (owner, project) = releases::project(&call, &command.project_name).await?;
    let release = releases::by_number(&call, owner.id, &command.release_version).await?;
    let mut mistakes = Mistakes::default();
    if command.environment_names.is_empty() {
        mistakes.add("EnvironmentNames: name at least one environment.");
    }
    let (_, process) = processes::of_project(&call, &project.id).await?;
    let actions = || process.steps.iter().flat_map(|step| &step.actions);
    let mut skip_actions = Vec::new();
    for name in &command.skip_step_names {
        match actions().find(|action| action.name.eq_ignore_ascii_case(name)) {
            Some(action) => skip_actions.push(action.id.clone()),
            None => mistakes.add(format!(
                "SkipStepNames `{}`: the process has no such step.",
                shown(name)
            )),
        }
    }
    let (_, set) = variables::of_project(&call, &project.id).await?;
    let mut deployment = Deployment {
        release_id: release.id.clone(),
        specific_machine_ids: command.specific_machine_names.clone(),
        excluded_machine_ids: command.excluded_machine_names.clone(),
        skip_actions,
        use_guided_failure: command.use_guided_failure,
        force_package_download: command.force_package_download,
        queue_time: command.run_at.clone(),
        queue_time_expiry: command.no_run_after.clone(),
        ..Deployment::default()
    };
    for (name, value) in &command.variables {
        let same = set.variables.iter().filter(|one| {
            let is = |text: &str| text.eq_ignore_ascii_case(name);
            let label = one.prompt.as_ref().map(|prompt| prompt.label.as_str());
            label.is_some_and(|label| is(label) || is(&one.name))
        });
        let ids: Vec<&String> = same.map(|variable| &variable.id).collect();
        if ids.is_empty() {
            mistakes.add(format!(
                "Variables `{}`: the project asks for no such variable.",
                shown(name)
            ));
        }
        for id in ids {
            deployment.form_values.insert(id.clone(), value.clone());
        }
    }
    mistakes.check()?;
    if command.update_variable_snapshot {
        releases::renew_variables(&call, &deployment.release_id).await?;
    }
    let mut made = CreatedDeployments::default();
    for environment in &command.environment_names {
        let new = Deployment {
            environment_id: environment.clone(),
            ..deployment.clone()
        };
        let new = make(&call, new).await?;
        made.deployment_server_tasks.push(DeploymentServerTask {
            deployment_id: new.id,
            server_task_id: new.task_id,
        });
    }
    Ok((StatusCode::CREATED, Json(made)))
}
