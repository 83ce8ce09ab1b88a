//! `octo channel delete`.

use api::Project;
use clap::Args;

use crate::commands::parts::{self, Confirmation};
use crate::error::Error;
use crate::session::Session;

/// Deletes a channel of a project, which must have no release.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo channel delete Beta --project Web
  octo channel delete Channels-7 --project Web --confirm")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let channel = super::one(arguments.which, &project, session)?;
    parts::delete_found(&channel, &arguments.confirmation, session)
}
