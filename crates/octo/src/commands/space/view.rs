//! `octo space view`.

use api::Space;
use clap::Args;

use crate::commands::parts::capital;
use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Shows one space.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo space view Shop
  octo space view Shop -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Space>(arguments.which, "NAME", &capital(Space::KIND))?;
    let found: Space = names::one(&session.client()?, &wanted)?;
    super::show(&found, session)
}
