//! `octo space delete`.

use api::Space;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a space, which must hold no project and no environment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo space delete Shop
  octo space delete Shop --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Space>(arguments.which, &arguments.confirmation, session)
}
