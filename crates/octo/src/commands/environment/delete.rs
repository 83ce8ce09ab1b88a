//! `octo environment delete`.

use api::Environment;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes an environment, which must hold no deployment target.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo environment delete Staging
  octo environment delete Staging --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Environment>(arguments.which, &arguments.confirmation, session)
}
