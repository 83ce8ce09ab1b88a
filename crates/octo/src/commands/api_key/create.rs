//! `octo api-key create`.

use api::NewApiKey;
use clap::Args;

use super::Owner;
use crate::error::Error;
use crate::session::Session;

/// Creates an API key, and prints it: the server shows it this once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo api-key create --purpose 'Build server'
  octo api-key create --user build --purpose Nightly --expires 2030-01-31T20:00:00Z -f basic > key")]
pub(crate) struct Arguments {
    #[command(flatten)]
    owner: Owner,
    /// What it is for: at most 200 characters.
    #[arg(long, short)]
    purpose: Option<String>,
    /// When it ends, with its zone, such as 2030-01-31T20:00:00Z [default: never].
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let purpose = session.required(arguments.purpose, "--purpose", "What the key is for")?;
    let new = NewApiKey {
        purpose,
        expires: arguments.expires,
        ..NewApiKey::default()
    };
    let client = session.client()?;
    let made: NewApiKey = client.post(&arguments.owner.path(&[]), &new)?;
    let key = made.api_key.clone().unwrap_or_default();
    let fields = vec![
        ("Id", (&made.id).into()),
        ("Purpose", (&made.purpose).into()),
        ("Key", (&key).into()),
    ];
    session.output.record(&made, &key, fields)?;
    Ok(())
}
