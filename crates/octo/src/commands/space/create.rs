//! `octo space create`.

use api::{Space, User};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Creates a space, with a project group and a lifecycle to begin with.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo space create --name Shop
  octo space create --name Shop --description 'All that customers see' --user ada")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other space.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
    /// A user who manages it, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    user: Vec<String>,
    /// The id of a team that manages it; may be given several times.
    #[arg(long, short, value_name = "ID")]
    team: Vec<String>,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the space")?;
    let client = session.client()?;
    let new = Space {
        name,
        description: arguments.description,
        space_managers_teams: arguments.team,
        space_managers_team_members: names::ids(&names::some::<User>(&client, &arguments.user)?),
        ..Space::default()
    };
    let created: Space = client.post(&Space::path(&client, &[]), &new)?;
    super::show(&created, session)
}
