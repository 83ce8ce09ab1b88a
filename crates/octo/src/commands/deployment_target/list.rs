//! `octo deployment-target list`.

use api::{CommunicationStyle, Environment, Machine};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named, NamesById};
use crate::output::Format;
use crate::session::Session;

/// Lists the deployment targets.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target list
  octo deployment-target list --environment Staging --environment Production
  octo deployment-target list --role web -f basic")]
pub(crate) struct Arguments {
    /// Only those in this environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// Only those with this role; may be given several times.
    #[arg(long, visible_alias = "tag", value_name = "ROLE")]
    role: Vec<String>,
}

/// Lists those that are reached in this way, or all.
pub(super) fn run(
    arguments: &Arguments,
    style: Option<CommunicationStyle>,
    session: &Session<'_>,
) -> Result<(), Error> {
    let client = session.client()?;
    let ids = names::ids(&names::some::<Environment>(
        &client,
        &arguments.environment,
    )?)
    .join(",");
    let roles = arguments.role.join(",");
    let query = [("environmentIds", ids.as_str()), ("roles", roles.as_str())];
    let query: Vec<_> = query
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let mut machines: Vec<Machine> = client.all(&Machine::path(&client, &[]), &query)?;
    machines.retain(|one| style.is_none_or(|style| one.endpoint.communication_style == style));
    let environments = match session.output.format() {
        Format::Table => NamesById::of::<Environment>(&client)?,
        _ => NamesById::default(),
    };
    session.output.list(
        &machines,
        &["Name", "Id", "Health", "Environments", "Roles", "Tentacle"],
        |machine| &machine.name,
        |machine| {
            let versions = &machine.endpoint.tentacle_version_details;
            vec![
                (&machine.name).into(),
                (&machine.id).into(),
                super::health(machine.health_status),
                environments.names(&machine.environment_ids).into(),
                machine.roles.join(", ").into(),
                versions.version.as_deref().unwrap_or("unknown").into(),
            ]
        },
    )?;
    Ok(())
}
