//! `octo logout`.

use clap::Args;
use serde::Serialize;

use crate::config;
use crate::error::Error;
use crate::output::Format;
use crate::session::Session;

/// Forgets the server and the API key that login saved.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo logout")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    removed: bool,
}

/// Removes the file.
pub(crate) fn run(_: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let removed = config::remove(session.around.config_file.as_deref())?;
    let text = if removed {
        "Signed out."
    } else {
        "Nobody was signed in."
    };
    let output = &session.output;
    match output.format() {
        Format::Json => output.record(&Outcome { removed }, text, vec![])?,
        Format::Table | Format::Basic => output.lines([text])?,
    }
    Ok(())
}
