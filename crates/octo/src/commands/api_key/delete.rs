//! `octo api-key delete`.

use api::ApiKey;
use clap::Args;

use super::Owner;
use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes an API key: it counts no more at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo api-key delete APIKeys-7
  octo api-key delete APIKeys-7 --user build --confirm")]
pub(crate) struct Arguments {
    #[command(flatten)]
    owner: Owner,
    /// The key's id.
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let path = arguments.owner.path(&[&arguments.id]);
    let key: ApiKey = client.get(&path, &[])?;
    let name = match key.purpose.as_str() {
        "" => &key.id,
        purpose => purpose,
    };
    let what = format!("the API key {} ({name})", key.id);
    arguments.confirmation.obtain(&what, session)?;
    client.delete(&path)?;
    parts::deleted(&key.id, name, "API key", session)
}
