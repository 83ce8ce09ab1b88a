//! `octo project process update`.

use std::path::PathBuf;

use api::{DeploymentProcess, Project};
use clap::Args;
use serde_json::Value;

use crate::error::Error;
use crate::files;
use crate::session::Session;

/// Changes a project's deployment process to what a file of JSON says, such as `project process view
/// -f json` prints.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project process view --project Web -f json > process.json
  octo project process update --project Web --file process.json
  octo project process update --project Api --file process.json --any-version")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// The file: JSON with Steps.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Take the place of whatever the process is by now, also that of another project than the
    /// file's.
    #[arg(long)]
    any_version: bool,
}

/// Changes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let mut new = files::json_object(&arguments.file, &files::AS_PRINTED)?;
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    let path = super::path(&client, &project)?;
    if arguments.any_version {
        let now: DeploymentProcess = client.get(&path, &[])?;
        new.insert("Version".to_owned(), Value::from(now.version));
        new.insert("Id".to_owned(), Value::from(now.id));
        new.insert("ProjectId".to_owned(), Value::from(now.project_id));
    }
    super::show(&client.put(&path, &new)?, session)
}
