//! `octo user list`.

use api::User;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the users.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo user list
  octo user list --filter ada -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<User> = arguments.filter.apply(&client, &User::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Username", "Id", "Name"],
        |one| one.name(),
        |one| {
            vec![
                (&one.username).into(),
                (&one.id).into(),
                (&one.display_name).into(),
            ]
        },
    )?;
    Ok(())
}
