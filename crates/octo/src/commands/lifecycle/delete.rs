//! `octo lifecycle delete`.

use api::Lifecycle;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a lifecycle that no project and no channel uses.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo lifecycle delete Shop
  octo lifecycle delete Shop --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Lifecycle>(arguments.which, &arguments.confirmation, session)
}
