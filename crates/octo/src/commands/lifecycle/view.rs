//! `octo lifecycle view`.

use api::Lifecycle;
use clap::Args;

use crate::error::Error;
use crate::names;
use crate::session::Session;

/// Shows one lifecycle with its phases.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo lifecycle view Default
  octo lifecycle view Default -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Lifecycle>(arguments.which, "NAME", "Lifecycle")?;
    super::show(
        &names::one::<Lifecycle>(&session.client()?, &wanted)?,
        session,
    )
}
