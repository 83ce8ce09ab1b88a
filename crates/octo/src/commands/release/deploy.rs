//! `octo release deploy`.

use api::{CreateDeploymentV1, CreatedDeployments};
use clap::Args;

use crate::error::Error;
use crate::given::{Variable, merge, variable};
use crate::session::Session;

/// Deploys a release, and prints the tasks; `octo task wait` waits for them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release deploy --project Web --version 1.2.0 --environment Staging
  octo release deploy --project Web --version 1.2.0 -e Staging -e Production --skip 'Smoke test'
  octo release deploy --project Web --version 1.2.0 -e Production --deploy-at 2030-01-31T20:00:00Z
  octo release deploy --project Web --version 1.2.0 -e Staging -f basic | octo task wait")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The release's number.
    #[arg(long, short)]
    version: Option<String>,
    /// An environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// Not before this time, such as 2030-01-31T20:00:00Z.
    #[arg(long, value_name = "TIME")]
    deploy_at: Option<String>,
    /// Fail it when it has not begun by this time.
    #[arg(long, value_name = "TIME")]
    deploy_at_expiry: Option<String>,
    /// Leave out this step; may be given several times.
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Only this target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    deployment_target: Vec<String>,
    /// Not this target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    exclude_deployment_target: Vec<String>,
    /// The value of a prompted variable; a colon inside NAME is written \:.
    #[arg(long, value_name = "NAME:VALUE", value_parser = variable)]
    variable: Vec<Variable>,
}

/// Orders it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.required(arguments.project, "--project", "Project of the release")?;
    let version = session.required(arguments.version, "--version", "Number of the release")?;
    let environments = session.required_list(
        arguments.environment,
        "--environment",
        "Environments to deploy to",
    )?;
    let client = session.client()?;
    let order = CreateDeploymentV1 {
        project_name: project,
        release_version: version,
        environment_names: environments,
        specific_machine_names: arguments.deployment_target,
        excluded_machine_names: arguments.exclude_deployment_target,
        skip_step_names: arguments.skip,
        run_at: arguments.deploy_at,
        no_run_after: arguments.deploy_at_expiry,
        variables: merge(arguments.variable.into_iter())?,
    };
    let path = client.in_space(&["deployments", "create", "untenanted", "v1"]);
    let made: CreatedDeployments = client.post(&path, &order)?;
    session.output.list(
        &made.deployment_server_tasks,
        &["Task", "Deployment"],
        |one| &one.server_task_id,
        |one| vec![(&one.server_task_id).into(), (&one.deployment_id).into()],
    )?;
    Ok(())
}
