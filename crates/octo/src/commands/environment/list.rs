//! `octo environment list`.

use api::Environment;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists the environments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo environment list
  octo environment list --filter prod -f json")]
pub(crate) struct Arguments {
    /// Only those whose name holds this text.
    #[arg(long, short = 'q', value_name = "TEXT")]
    filter: Option<String>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let filter = arguments.filter.unwrap_or_default();
    let query = [("partialName", filter.as_str())];
    let query = if filter.is_empty() { &[] } else { &query[..] };
    let all: Vec<Environment> = client.all(&client.in_space(&["environments"]), query)?;
    session.output.list(
        &all,
        &["Name", "Id", "Description"],
        |environment| &environment.name,
        |environment| {
            vec![
                (&environment.name).into(),
                (&environment.id).into(),
                (&environment.description).into(),
            ]
        },
    )?;
    Ok(())
}
