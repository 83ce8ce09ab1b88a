//! `octo team list`.

use api::Team;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::output::Cell;
use crate::session::Session;

/// Lists the teams.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo team list
  octo team list --filter acme -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Team> = arguments.filter.apply(&client, &Team::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Name", "Id", "Members", "Description"],
        |one| one.name(),
        |one| {
            vec![
                (&one.name).into(),
                (&one.id).into(),
                Cell::from(one.member_user_ids.len().to_string()).right(),
                (&one.description).into(),
            ]
        },
    )?;
    Ok(())
}
