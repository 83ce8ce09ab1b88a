//! `octo deployment-target delete`.

use api::Machine;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Forgets a deployment target. What is on the machine stays there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo deployment-target delete web-01
  octo deployment-target delete Machines-3 --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    parts::delete::<Machine>(arguments.which, &arguments.confirmation, session)
}
