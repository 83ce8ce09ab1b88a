//! `octo release deploy`.

use api::{CreateDeploymentV1, CreatedDeployments, Environment, Project};
use clap::{Args, ValueEnum};

use super::moment::moment;
use super::prompts;
use crate::error::Error;
use crate::given::{Variable, merge, variable};
use crate::names;
use crate::output::Format;
use crate::session::Session;

/// Deploys a release, and prints the tasks; `octo task wait` waits for them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release deploy --project Web --version 1.2.0 --environment Staging
  octo release deploy --project Web --version 1.2.0 -e Staging -e Production --skip 'Smoke test'
  octo release deploy --project Web --version 1.2.0 -e Production --variable 'Ticket:CHG-7'
  octo release deploy --project Web --version 1.2.0 -e Production --deploy-at '2030-01-31 20:00'
  octo release deploy --project Web --version 1.2.0 -e Production --deploy-at '2030-01-31T20:00[Europe/Berlin]'
  octo release deploy --project Web --version 1.2.0 -e Staging -f basic | octo task wait")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The release's number.
    #[arg(long)]
    version: Option<String>,
    /// An environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// Not before this time: 2030-01-31 20:00 here, 2030-01-31T20:00+02:00, or 2030-01-31T20:00[Europe/Berlin].
    #[arg(long, value_name = "TIME")]
    deploy_at: Option<String>,
    /// Fail it when it has not begun by this time.
    #[arg(long, value_name = "TIME")]
    deploy_at_expiry: Option<String>,
    /// Leave out this step; may be given several times.
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Whether a failure waits for a person; as the project has it when not given.
    #[arg(
        long,
        short = 'G',
        value_name = "MODE",
        num_args = 0..=1,
        default_value = "default",
        default_missing_value = "true"
    )]
    guided_failure: GuidedFailure,
    /// Send packages also to targets that have them already.
    #[arg(long)]
    force_package_download: bool,
    /// Only this target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    deployment_target: Vec<String>,
    /// Not this target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    exclude_deployment_target: Vec<String>,
    /// The value of a prompted variable, by its label or name; a colon inside LABEL is written \:. May be given several times.
    #[arg(long, short, value_name = "LABEL:VALUE", value_parser = variable)]
    variable: Vec<Variable>,
    /// Let the release take the project's variables as they are now.
    #[arg(long)]
    update_variables: bool,
}

/// Whether a failure waits for a person.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum GuidedFailure {
    /// It does.
    True,
    /// It does not.
    False,
    /// As the project has it.
    Default,
}

/// Orders it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let (run_at, no_run_after) = times(&arguments, session)?;
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let version = super::version(arguments.version, &project, session)?;
    let environments = session.pick_some::<Environment>(
        arguments.environment,
        "--environment",
        "Environments to deploy to",
    )?;
    let client = session.client()?;
    let mut variables = merge(arguments.variable.into_iter())?;
    prompts::ask(&mut variables, &project, session)?;
    let order = CreateDeploymentV1 {
        project_name: project,
        release_version: version,
        environment_names: environments,
        specific_machine_names: arguments.deployment_target,
        excluded_machine_names: arguments.exclude_deployment_target,
        use_guided_failure: match arguments.guided_failure {
            GuidedFailure::True => Some(true),
            GuidedFailure::False => Some(false),
            GuidedFailure::Default => None,
        },
        force_package_download: arguments.force_package_download,
        skip_step_names: arguments.skip,
        run_at,
        no_run_after,
        variables,
        update_variable_snapshot: arguments.update_variables,
    };
    let path = client.in_space(&["deployments", "create", "untenanted", "v1"]);
    let made: CreatedDeployments = client
        .post(&path, &order)
        .map_err(|error| names::explained_project(error, &client, &order.project_name))?;
    let tasks = &made.deployment_server_tasks;
    session.output.list(
        tasks,
        &["Task", "Deployment"],
        |one| &one.server_task_id,
        |one| vec![(&one.server_task_id).into(), (&one.deployment_id).into()],
    )?;
    if session.output.format() == Format::Table && session.around.error_is_terminal {
        let ids: Vec<&str> = tasks
            .iter()
            .map(|one| one.server_task_id.as_str())
            .collect();
        session
            .output
            .note(&format!("octo task wait {} waits for them.", ids.join(" ")));
    }
    Ok(())
}

/// When it may begin, and until when it must have.
fn times(
    arguments: &Arguments,
    session: &Session<'_>,
) -> Result<(Option<String>, Option<String>), Error> {
    let zone = session.around.now.time_zone();
    let read = |flag: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| moment(text, zone)).transpose().map_err(|message| {
            Error::usage(
                format!("{flag}: {message}"),
                "Write 2030-01-31 20:00, 2030-01-31T20:00+02:00 or 2030-01-31T20:00[Europe/Berlin].",
            )
        })
    };
    let at = read("--deploy-at", &arguments.deploy_at)?;
    let expiry = read("--deploy-at-expiry", &arguments.deploy_at_expiry)?;
    let begin = at.unwrap_or_else(|| session.around.now.timestamp());
    if let Some(expiry) = expiry.filter(|expiry| *expiry <= begin) {
        return Err(Error::usage(
            format!("--deploy-at-expiry: {expiry} is not after {begin}, when it may begin."),
            "Give a later --deploy-at-expiry.",
        ));
    }
    Ok((at.map(|at| at.to_string()), expiry.map(|at| at.to_string())))
}
