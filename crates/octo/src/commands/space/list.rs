//! `octo space list`.

use api::Space;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the spaces.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo space list
  octo space list --filter shop -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Space> = arguments
        .filter
        .apply(&client, &Space::path(&client, &[]))?;
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
