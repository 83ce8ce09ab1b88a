//! `octo feed view`.

use api::Feed;
use clap::Args;

use crate::error::Error;
use crate::names;
use crate::session::Session;

/// Shows one feed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo feed view nuget.org
  octo feed view nuget.org -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Feed>(arguments.which, "NAME", "Feed")?;
    super::show(&names::one::<Feed>(&session.client()?, &wanted)?, session)
}
