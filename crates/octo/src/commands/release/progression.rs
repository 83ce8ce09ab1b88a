//! `octo release progression …`.

use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod allow;
mod prevent;

/// Whether a release may go to later phases of its lifecycle.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Allow(allow::Arguments),
    Prevent(prevent::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Allow(arguments) => allow::run(arguments, session),
            Self::Prevent(arguments) => prevent::run(arguments, session),
        }
    }
}

fn show(defect: &api::Defect, session: &Session<'_>) -> Result<(), Error> {
    let status = match defect.status {
        api::DefectStatus::Unresolved => "Unresolved",
        api::DefectStatus::Resolved => "Resolved",
    };
    session.output.record(
        defect,
        &defect.id,
        vec![
            ("Id", (&defect.id).into()),
            ("Status", status.into()),
            ("Reason", (&defect.description).into()),
        ],
    )?;
    Ok(())
}
