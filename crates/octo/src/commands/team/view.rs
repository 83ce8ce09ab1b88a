//! `octo team view`.

use api::Team;
use clap::Args;

use crate::error::Error;
use crate::names;
use crate::session::Session;

/// Shows one team with its members and roles.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo team view Deployers
  octo team view Deployers -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Team>(arguments.which, "NAME", "Team")?;
    super::show(&names::one::<Team>(&session.client()?, &wanted)?, session)
}
