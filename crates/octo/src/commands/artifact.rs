//! `octo artifact …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod download;
mod list;

/// Artifacts: files that scripts of deployments wanted to be kept.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    Download(download::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::Download(arguments) => download::run(arguments, session),
        }
    }
}
