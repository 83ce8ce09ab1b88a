//! `octo project-group delete`.

use api::ProjectGroup;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a project group, which must hold no project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project-group delete Shop
  octo project-group delete Shop --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<ProjectGroup>(arguments.which, &arguments.confirmation, session)
}
