//! `octo deployment-target listening-tentacle …`.

use api::CommunicationStyle;
use clap::Subcommand;

use super::{create, list, view};
use crate::error::Error;
use crate::session::Session;

/// Listening Tentacles: those which the server dials.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    /// Lists the listening Tentacles.
    #[command(
        visible_alias = "ls",
        after_help = "\
Examples:
  octo deployment-target listening-tentacle list
  octo deployment-target listening-tentacle list --environment Staging -f basic"
    )]
    List(list::Arguments),
    /// Shows one listening Tentacle.
    #[command(after_help = "\
Examples:
  octo deployment-target listening-tentacle view web-01
  octo deployment-target listening-tentacle view Machines-3 -f json")]
    View(view::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        let style = Some(CommunicationStyle::TentaclePassive);
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(&arguments, style, session),
            Self::View(arguments) => view::run(arguments, style, session),
        }
    }
}
