//! `octo lifecycle update`.

use std::path::PathBuf;

use api::Lifecycle;
use clap::Args;

use crate::error::Error;
use crate::files;
use crate::names::{self, Named};
use crate::session::Session;

/// Changes a lifecycle to what a file of JSON says, such as `lifecycle view -f json` prints.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo lifecycle view Shop -f json > lifecycle.json
  octo lifecycle update Shop --file lifecycle.json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
    /// The file: JSON with Name, Phases and the retention policies.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

/// Changes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let new = files::json_object(&arguments.file, &files::AS_PRINTED)?;
    let wanted = session.pick::<Lifecycle>(arguments.which, "NAME", "Lifecycle")?;
    let client = session.client()?;
    let lifecycle: Lifecycle = names::one(&client, &wanted)?;
    let changed: Lifecycle = client.put(&Lifecycle::path(&client, &[&lifecycle.id]), &new)?;
    super::show(&changed, session)
}
