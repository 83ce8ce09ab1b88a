//! `octo team …`.

use api::{ScopedUserRole, Team, User};
use clap::Subcommand;

use crate::error::Error;
use crate::names::{self, Named};
use crate::output::Cell;
use crate::session::Session;

mod create;
mod delete;
mod list;
mod view;

/// Teams: who may do what, by their roles.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Create(create::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Create(arguments) => create::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// Prints one, with its members and roles by name.
fn show(team: &Team, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let mut fields = vec![
        ("Id", Cell::from(&team.id)),
        ("Name", (&team.name).into()),
        ("Description", (&team.description).into()),
    ];
    let users = match team.member_user_ids.as_slice() {
        [] => Vec::new(),
        _ => User::list(&client)?,
    };
    for id in &team.member_user_ids {
        let name = names::find(&users, id).map_or(id.as_str(), Named::name);
        fields.push(("Member", name.into()));
    }
    let path = Team::path(&client, &[&team.id, "scopeduserroles"]);
    let roles: Vec<ScopedUserRole> = client.all(&path, &[])?;
    for role in &roles {
        let mut text = role.user_role_id.clone();
        for place in role.space_id.iter().chain(&role.environment_ids) {
            text.push_str("  ");
            text.push_str(place);
        }
        fields.push(("Role", text.into()));
    }
    session.output.record(team, &team.name, fields)?;
    Ok(())
}
