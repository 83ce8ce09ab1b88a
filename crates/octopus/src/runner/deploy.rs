//! A package to one machine, without a project.

use wire::v1::{DeployPackage, Variable, start_work_request::Work};

use super::{
    job::{Job, Stop},
    work,
};
use crate::{lookup, store::Result};

pub(super) async fn run(job: &mut Job) -> Result<String, Stop> {
    let arguments = &job.task.arguments;
    let (id, version) = (&arguments.package_id, &arguments.package_version);
    let package = lookup::package(&job.app, id.as_deref(), version.as_deref())
        .await?
        .map_err(Stop::Failed)?;
    let environment = job.target.environment_id;
    let environment = job.app.store.environment_name(environment).await?;
    let mut variables =
        system_variables(job, &package.package_id, &package.version, &environment).await?;
    let secrets = job.app.store.secrets_of(&job.task)?;
    let given = &job.task.arguments.variables;
    variables.extend(given.iter().map(|(name, value)| variable(name, value)));
    variables.extend(secrets.iter().map(|(name, value)| Variable {
        sensitive: true,
        ..variable(name, value)
    }));
    let deploy = DeployPackage {
        package: Some(work::package_ref(&package)),
        environment,
        variables,
    };
    work::perform(job, Some(&package), Work::DeployPackage(deploy)).await
}

async fn system_variables(
    job: &mut Job,
    package_id: &str,
    package_version: &str,
    environment: &str,
) -> Result<Vec<Variable>, Stop> {
    let mut variables = of_machine(job, "Deploy a package", environment).await?;
    variables.extend([
        variable("Octopus.Action.Package.PackageId", package_id),
        variable("Octopus.Action.Package.PackageVersion", package_version),
    ]);
    Ok(variables)
}

/// What holds for work without a project.
pub(super) async fn of_machine(
    job: &mut Job,
    step: &str,
    environment: &str,
) -> Result<Vec<Variable>, Stop> {
    let machine = job.known_machine().await?;
    let environment_id = lookup::environment_id(job.target.environment_id);
    let task_id = lookup::task_id(job.task.id);
    Ok(vec![
        variable("Octopus.Environment.Name", environment),
        variable("Octopus.Environment.Id", &environment_id),
        variable("Octopus.Machine.Name", &machine.name),
        variable("Octopus.Machine.Id", &lookup::machine_id(machine.id)),
        variable("Octopus.Machine.Roles", &machine.roles.join(",")),
        variable("Octopus.Task.Id", &task_id),
        variable("Octopus.Task.Name", &job.task.description),
        variable("Octopus.Action.Name", step),
        variable("Octopus.Step.Name", step),
        variable("Octopus.Step.Number", "1"),
        variable("Octopus.Space.Id", api::DEFAULT_SPACE),
    ])
}

pub(super) fn variable(name: &str, value: &str) -> Variable {
    Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        sensitive: false,
    }
}
