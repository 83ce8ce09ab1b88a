//! `octo task …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod cancel;
mod list;
mod view;
mod wait;
mod watch;

/// Tasks: everything that takes time on the server.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Watch(watch::Arguments),
    Wait(wait::Arguments),
    Cancel(cancel::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(&arguments, session),
            Self::Watch(arguments) => watch::run(&arguments, session),
            Self::Wait(arguments) => wait::run(arguments, session),
            Self::Cancel(arguments) => cancel::run(&arguments, session),
        }
    }
}
