//! `octo deployment-target listening-tentacle create`.

use api::{CommunicationStyle, Endpoint, Environment, Machine, NewMachine, TentacleVersionDetails};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Registers a Tentacle that listens, as `tentacle register-with` does from the machine itself.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target listening-tentacle create --name web-01 --url https://web-01:10933 \
--thumbprint 3F2A --environment Staging --role web")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other deployment target.
    #[arg(long, short)]
    name: Option<String>,
    /// Where it listens, such as https://web-01:10933.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The thumbprint of its certificate, as `tentacle show-thumbprint` prints it.
    #[arg(long, value_name = "THUMBPRINT")]
    thumbprint: Option<String>,
    /// An environment, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    /// A role; may be given several times.
    #[arg(long, visible_alias = "tag", value_name = "ROLE")]
    role: Vec<String>,
}

/// Registers it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the deployment target")?;
    let question = "Where it listens, such as https://web-01:10933";
    let uri = session.required(arguments.url, "--url", question)?;
    let thumbprint = session.required(arguments.thumbprint, "--thumbprint", "Its thumbprint")?;
    let environments =
        session.pick_some::<Environment>(arguments.environment, "--environment", "Environments")?;
    let roles = session.required_list(arguments.role, "--role", "Roles")?;
    let client = session.client()?;
    let new = NewMachine {
        name,
        environment_ids: names::ids(&names::some::<Environment>(&client, &environments)?),
        roles,
        is_disabled: false,
        endpoint: Endpoint {
            communication_style: CommunicationStyle::TentaclePassive,
            uri,
            thumbprint,
            tentacle_version_details: TentacleVersionDetails::default(),
        },
    };
    let created: Machine = client.post(&Machine::path(&client, &[]), &new)?;
    session.output.record(
        &created,
        &created.name,
        vec![
            ("Id", (&created.id).into()),
            ("Name", (&created.name).into()),
            ("Address", (&created.endpoint.uri).into()),
            ("Roles", created.roles.join(", ").into()),
        ],
    )?;
    Ok(())
}
