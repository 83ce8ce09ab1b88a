//! `octo team create`.

use api::{ScopedUserRole, Team, User, UserRole};
use clap::Args;

use crate::client::Client;
use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Creates a team, and gives it roles.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo team create --name Deployers --member ada --member build --role Deployer
  octo team create --name Readers --role userroles-projectviewer")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other team.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
    /// A user, by name or id; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    member: Vec<String>,
    /// A role, by name or id, in all spaces; may be given several times.
    #[arg(long, short, value_name = "NAME")]
    role: Vec<String>,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the team")?;
    let client = session.client()?;
    let members = names::some::<User>(&client, &arguments.member)?;
    // Before there is a team that lacks one.
    let roles = names::some::<UserRole>(&client, &arguments.role)?;
    let new = Team {
        name,
        description: arguments.description,
        member_user_ids: members.into_iter().map(|user| user.id).collect(),
        ..Team::default()
    };
    let made: Team = client.post(&Team::path(&client, &[]), &new)?;
    for role in roles {
        let given = ScopedUserRole {
            team_id: made.id.clone(),
            user_role_id: role.id,
            ..ScopedUserRole::default()
        };
        let path = Client::of_server(&["scopeduserroles"]);
        let _given: ScopedUserRole = client.post(&path, &given)?;
    }
    super::show(&made, session)
}
