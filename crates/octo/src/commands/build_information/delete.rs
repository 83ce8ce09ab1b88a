//! `octo build-information delete`.

use clap::Args;

use super::Which;
use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes the build information of one version of a package.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo build-information delete BuildInformation-7
  octo build-information delete --package-id Acme.Web --version 1.2.0 --confirm")]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let found = arguments.which.find(session)?;
    parts::delete_found(&found, &arguments.confirmation, session)
}
