//! `octo environment list`.

use api::Environment;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the environments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo environment list
  octo environment list --filter prod -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Environment> = arguments
        .filter
        .apply(&client, &Environment::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Name", "Id", "Description"],
        |one| one.name(),
        |one| {
            vec![
                (&one.name).into(),
                (&one.id).into(),
                (&one.description).into(),
            ]
        },
    )?;
    Ok(())
}
