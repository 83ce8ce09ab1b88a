//! `octo api-key list`.

use api::ApiKey;
use clap::Args;

use super::Owner;
use crate::error::Error;
use crate::session::Session;

/// Lists the API keys of a user: what they are for and how they begin, never the keys themselves.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo api-key list
  octo api-key list --user build -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    owner: Owner,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<ApiKey> = client.all(&arguments.owner.path(&[]), &[])?;
    let output = &session.output;
    output.list(
        &all,
        &["Purpose", "Id", "Begins", "Created", "Expires"],
        |one| &one.id,
        |one| {
            let expires = one.expires.as_deref().map(|time| output.time(time));
            vec![
                (&one.purpose).into(),
                (&one.id).into(),
                (&one.api_key.hint).into(),
                output.time(&one.created).into(),
                expires.unwrap_or_else(|| "never".to_owned()).into(),
            ]
        },
    )?;
    Ok(())
}
