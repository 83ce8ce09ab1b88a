//! `octo release progression prevent`.

use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::session::Session;

/// Holds a release back: it goes to no further environment until it is allowed again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release progression prevent --project Web --version 1.2.0 --reason 'Orders are lost'")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The release's number.
    #[arg(long, short)]
    version: Option<String>,
    /// Why, for people.
    #[arg(long, short, value_name = "TEXT")]
    reason: Option<String>,
}

/// Holds it back.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let reason = session.required(arguments.reason, "--reason", "Why it is held back")?;
    let which = (arguments.project, arguments.version);
    let body = json!({ "Description": reason });
    super::tell(which, &["defects"], &body, "prevented", session)
}
