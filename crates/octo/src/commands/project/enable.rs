//! `octo project enable`.

use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lets a disabled project make releases and deployments again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project enable Web")]
pub(crate) struct Arguments {
    /// Its name, slug or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Switches it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    super::switch(arguments.which, false, session)
}
