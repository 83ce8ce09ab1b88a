//! `octo feed delete`.

use api::Feed;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a feed. The packages that it holds stay where they are.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo feed delete nuget.org
  octo feed delete nuget.org --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Feed>(arguments.which, &arguments.confirmation, session)
}
