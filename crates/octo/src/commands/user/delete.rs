//! `octo user delete`.

use api::User;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a user with all API keys of theirs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo user delete ada
  octo user delete ada --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<User>(arguments.which, &arguments.confirmation, session)
}
