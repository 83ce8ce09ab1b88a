//! `octo deployment-target …`.

use api::{CommunicationStyle, HealthStatus};
use clap::Subcommand;

use crate::error::Error;
use crate::output::{Cell, Tone};
use crate::session::Session;

mod create;
mod delete;
mod list;
mod listening;
mod polling;
mod view;

/// Deployment targets: the machines that packages go to.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
    #[command(subcommand)]
    ListeningTentacle(listening::Verb),
    #[command(subcommand)]
    PollingTentacle(polling::Verb),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, None, session),
            Self::View(arguments) => view::run(arguments, None, session),
            Self::Delete(arguments) => delete::run(arguments, session),
            Self::ListeningTentacle(verb) => verb.run(session),
            Self::PollingTentacle(verb) => verb.run(session),
        }
    }
}

/// How a Tentacle is reached, in a word.
fn style(style: CommunicationStyle) -> &'static str {
    match style {
        CommunicationStyle::TentaclePassive => "listens",
        CommunicationStyle::TentacleActive => "polls",
    }
}

/// A machine's health as a word in its colour.
fn health(status: HealthStatus) -> Cell {
    Cell::from(format!("{status:?}")).tone(match status {
        HealthStatus::Healthy => Tone::Good,
        HealthStatus::Unhealthy => Tone::Bad,
        HealthStatus::Unavailable => Tone::Warning,
        HealthStatus::Unknown => Tone::Faint,
    })
}
