//! `octo deployment-target list`.

use std::collections::BTreeMap;

use api::{Environment, Machine};
use clap::Args;

use crate::error::Error;
use crate::names;
use crate::output::Format;
use crate::session::Session;

/// Lists the deployment targets.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target list
  octo deployment-target list --environment Staging --environment Production
  octo deployment-target list -f basic")]
pub(crate) struct Arguments {
    /// Only those in this environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let ids = names::ids(&names::environments(&client, &arguments.environment)?).join(",");
    let query = [("environmentIds", ids.as_str())];
    let query = if ids.is_empty() { &[] } else { &query[..] };
    let machines: Vec<Machine> = client.all(&client.in_space(&["machines"]), query)?;
    let mut environments = BTreeMap::new();
    if session.output.format() == Format::Table {
        let all: Vec<Environment> = client.get(&client.in_space(&["environments", "all"]), &[])?;
        environments.extend(all.into_iter().map(|found| (found.id, found.name)));
    }
    session.output.list(
        &machines,
        &["Name", "Id", "Health", "Environments", "Roles", "Tentacle"],
        |machine| &machine.name,
        |machine| {
            let named = |id: &String| environments.get(id).unwrap_or(id).clone();
            let environments: Vec<String> = machine.environment_ids.iter().map(named).collect();
            let versions = &machine.endpoint.tentacle_version_details;
            vec![
                (&machine.name).into(),
                (&machine.id).into(),
                super::health(machine.health_status),
                environments.join(", ").into(),
                machine.roles.join(", ").into(),
                versions.version.as_deref().unwrap_or("unknown").into(),
            ]
        },
    )?;
    Ok(())
}
