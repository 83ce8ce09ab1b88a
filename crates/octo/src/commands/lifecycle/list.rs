//! `octo lifecycle list`.

use api::Lifecycle;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::output::Cell;
use crate::session::Session;

/// Lists the lifecycles.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo lifecycle list
  octo lifecycle list --filter acme -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Lifecycle> = arguments
        .filter
        .apply(&client, &Lifecycle::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Name", "Id", "Phases", "Description"],
        |one| one.name(),
        |one| {
            vec![
                (&one.name).into(),
                (&one.id).into(),
                Cell::from(one.phases.len().to_string()).right(),
                (&one.description).into(),
            ]
        },
    )?;
    Ok(())
}
