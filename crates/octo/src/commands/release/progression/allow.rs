//! `octo release progression allow`.

use clap::Args;
use serde_json::json;

use crate::error::Error;
use crate::session::Session;

/// Lets a release that was held back go on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release progression allow --project Web --version 1.2.0")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The release's number.
    #[arg(long, short)]
    version: Option<String>,
}

/// Lets it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let which = (arguments.project, arguments.version);
    super::tell(
        which,
        &["defects", "resolve"],
        &json!({}),
        "allowed",
        session,
    )
}
