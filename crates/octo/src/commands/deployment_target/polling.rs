//! `octo deployment-target polling-tentacle …`.

use api::CommunicationStyle;
use clap::Subcommand;

use super::{list, view};
use crate::error::Error;
use crate::session::Session;

/// Polling Tentacles: those which dial the server.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Lists the polling Tentacles.
    #[command(
        visible_alias = "ls",
        after_help = "\
Examples:
  octo deployment-target polling-tentacle list
  octo deployment-target polling-tentacle list --environment Staging -f basic"
    )]
    List(list::Arguments),
    /// Shows one polling Tentacle.
    #[command(after_help = "\
Examples:
  octo deployment-target polling-tentacle view web-01
  octo deployment-target polling-tentacle view Machines-3 -f json")]
    View(view::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        let style = Some(CommunicationStyle::TentacleActive);
        match self {
            Self::List(arguments) => list::run(&arguments, style, session),
            Self::View(arguments) => view::run(arguments, style, session),
        }
    }
}
