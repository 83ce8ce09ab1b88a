//! `octo project disable`.

use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Disables a project: no new release and no new deployment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project disable Web")]
pub(crate) struct Arguments {
    /// Its name, slug or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Switches it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    super::switch(arguments.which, true, session)
}
