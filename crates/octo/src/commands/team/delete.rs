//! `octo team delete`.

use api::Team;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a team. Its members stay.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo team delete Deployers
  octo team delete Deployers --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Team>(arguments.which, &arguments.confirmation, session)
}
