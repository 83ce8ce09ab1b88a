//! `octo channel view`.

use api::Project;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Shows one channel of a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo channel view Beta --project Web
  octo channel view Channels-7 --project Web -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let channel = super::one(arguments.which, &project, session)?;
    super::show(&channel, session)
}
