//! `octo project variables view`.

use api::Project;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Shows every value of one variable.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project variables view Port --project Web
  octo project variables view --id 7f2e --project Web -f json")]
pub(crate) struct Arguments {
    /// The variable's name.
    #[arg(required_unless_present = "id")]
    name: Option<String>,
    /// Only the value with this id.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Shows them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let set = super::of_project(&session.client()?, &project)?;
    let values = super::values(&set, arguments.name.as_deref(), arguments.id.as_deref())?;
    super::show(&set, &values, session)
}
