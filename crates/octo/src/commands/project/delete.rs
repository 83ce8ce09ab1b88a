//! `octo project delete`.

use api::Project;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a project with its process, variables, channels and releases.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project delete Web
  octo project delete Web --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Project>(arguments.which, &arguments.confirmation, session)
}
