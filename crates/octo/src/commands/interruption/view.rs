//! `octo interruption view`.

use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Shows what a task asks, and what can be answered.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo interruption view Interruptions-7
  octo interruption view Interruptions-7 -f json")]
pub(crate) struct Arguments {
    /// Its id.
    #[arg(value_name = "ID")]
    id: String,
}

/// Shows it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let path = client.in_space(&["interruptions", &arguments.id]);
    super::show(&client.get(&path, &[])?, session)
}
