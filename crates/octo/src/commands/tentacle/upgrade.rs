//! `octo tentacle upgrade`.

use api::{Environment, Machine, NewTask, TaskArguments, TaskName};
use clap::{ArgGroup, Args};

use crate::client::Client;
use crate::error::Error;
use crate::names;
use crate::session::Session;
use crate::start;

/// Upgrades Tentacles, and shows the log until every machine is through.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("which").required(true).args(["environment", "deployment_target", "all"]),
    after_help = "\
Examples:
  octo tentacle upgrade --all
  octo tentacle upgrade --environment Staging --no-wait
  octo tentacle upgrade --deployment-target web-01 --version 1.4.0"
)]
pub(crate) struct Arguments {
    /// All Tentacles of this environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// The Tentacle of this deployment target, by name or id; may be given several times.
    #[arg(long, value_name = "NAME")]
    deployment_target: Vec<String>,
    /// Every Tentacle.
    #[arg(long)]
    all: bool,
    /// A version of the feed in place of the one that the server carries.
    #[arg(long)]
    version: Option<String>,
    /// Only start it, and print the task.
    #[arg(long)]
    no_wait: bool,
}

/// Starts the task and sees it through.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let mut work = TaskArguments {
        version: arguments.version,
        ..TaskArguments::default()
    };
    let environments = names::ids(&names::some::<Environment>(
        &client,
        &arguments.environment,
    )?);
    match environments.as_slice() {
        [] => {
            let machines = names::some::<Machine>(&client, &arguments.deployment_target)?;
            work.machine_ids = names::ids(&machines);
        }
        [one] => work.environment_id = Some(one.clone()),
        // The task takes one environment, so several are spelled out.
        several => work.machine_ids = machines_in(&client, several)?,
    }
    let task = NewTask {
        name: TaskName::Upgrade,
        description: String::new(),
        arguments: work,
    };
    start::start(session, &client, &task, arguments.no_wait)
}

fn machines_in(client: &Client, environments: &[String]) -> Result<Vec<String>, Error> {
    let ids = environments.join(",");
    let query = [("environmentIds", ids.as_str())];
    let machines: Vec<Machine> = client.all(&client.in_space(&["machines"]), &query)?;
    if machines.is_empty() {
        // Without machines the task would mean all of them.
        return Err(Error::Files {
            message: "There is no deployment target in these environments.".to_owned(),
            hint: "octo deployment-target list shows which environments they are in.",
        });
    }
    Ok(names::ids(&machines))
}
