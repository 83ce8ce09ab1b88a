//! `octo package deploy`.

use api::{Environment, Machine, NewTask, TaskArguments, TaskName};
use clap::Args;

use crate::error::Error;
use crate::given::{Variable, merge, variable};
use crate::names;
use crate::session::Session;
use crate::start;

/// Pushes a package to deployment targets at once, and shows the log until all are through.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package deploy Acme.Web --environment Staging
  octo package deploy Acme.Web --version 1.2.0 --environment Production --role web
  octo package deploy Acme.Web --deployment-target web-01 --variable Port:8080
  octo package deploy Acme.Web --environment Staging --variable 'ConnectionStrings\\:Default:Data=x'")]
pub(crate) struct Arguments {
    /// The package's id.
    #[arg(value_name = "ID")]
    package: String,
    /// Its version; the newest when not given.
    #[arg(long)]
    version: Option<String>,
    /// All targets in this environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// Only targets with this role; may be given several times.
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// This target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    deployment_target: Vec<String>,
    /// A variable; a colon inside NAME is written \:.
    #[arg(long, short, value_name = "NAME:VALUE", value_parser = variable)]
    variable: Vec<Variable>,
    /// A variable whose value no log shows.
    #[arg(long, value_name = "NAME:VALUE", value_parser = variable)]
    sensitive_variable: Vec<Variable>,
    /// Only start it, and print the task.
    #[arg(long)]
    no_wait: bool,
}

/// Starts the task and sees it through.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let mut environments = arguments.environment;
    if arguments.deployment_target.is_empty() {
        environments = session.pick_some::<Environment>(
            environments,
            "--environment",
            "Environments to deploy to",
        )?;
    }
    let sensitive = arguments.sensitive_variable;
    let sensitive_variables = sensitive.iter().map(|v| v.name.clone()).collect();
    let variables = merge(arguments.variable.into_iter().chain(sensitive))?;
    let client = session.client()?;
    let task = NewTask {
        name: TaskName::DeployPackage,
        description: String::new(),
        arguments: TaskArguments {
            environment_ids: names::ids(&names::some::<Environment>(&client, &environments)?),
            machine_ids: names::ids(&names::some::<Machine>(
                &client,
                &arguments.deployment_target,
            )?),
            roles: arguments.role,
            package_id: Some(arguments.package),
            package_version: arguments.version,
            variables,
            sensitive_variables,
            ..TaskArguments::default()
        },
    };
    start::start(session, &client, &task, arguments.no_wait)
}
