//! `octo deployment-target …`.

use api::HealthStatus;
use clap::Subcommand;

use crate::error::Error;
use crate::output::{Cell, Tone};
use crate::session::Session;

mod list;
mod view;

/// Deployment targets: the machines that packages go to.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(&arguments, session),
        }
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
