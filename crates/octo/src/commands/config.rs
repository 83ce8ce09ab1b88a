//! `octo config …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod get;
mod list;
mod set;
mod setting;

/// The settings that octo keeps in its file.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Get(get::Arguments),
    Set(set::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Get(arguments) => get::run(&arguments, session),
            Self::Set(arguments) => set::run(arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
        }
    }
}
