//! `octo project process view`.

use api::Project;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Shows the steps of a project's deployment process.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project process view --project Web
  octo project process view --project Web -f json > process.json")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    super::show(&client.get(&super::path(&client, &project)?, &[])?, session)
}
