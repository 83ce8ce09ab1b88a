//! `octo lifecycle create`.

use std::path::PathBuf;

use api::Lifecycle;
use clap::Args;
use serde_json::Value;

use crate::error::Error;
use crate::files;
use crate::names::Named;
use crate::session::Session;

/// Creates a lifecycle from a file of JSON, such as `lifecycle view -f json` prints.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo lifecycle view Default -f json > lifecycle.json
  octo lifecycle create --name Shop --file lifecycle.json")]
pub(crate) struct Arguments {
    /// Its name, in place of the file's.
    #[arg(long, short)]
    name: Option<String>,
    /// The file: JSON with Name, Phases and the retention policies.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let mut new = files::json_object(&arguments.file, &files::AS_PRINTED)?;
    // It gets an id of its own.
    new.remove("Id");
    if let Some(name) = arguments.name {
        new.insert("Name".to_owned(), Value::from(name));
    }
    let client = session.client()?;
    let made: Lifecycle = client.post(&Lifecycle::path(&client, &[]), &new)?;
    super::show(&made, session)
}
