//! `octo project variables delete`.

use api::Project;
use clap::Args;

use super::scope;
use crate::commands::parts::{Confirmation, deleted};
use crate::error::Error;
use crate::session::Session;

/// Deletes one value of a variable.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project variables delete Port --project Web
  octo project variables delete --id 7f2e --project Web --confirm")]
pub(crate) struct Arguments {
    /// The variable's name.
    #[arg(required_unless_present = "id")]
    name: Option<String>,
    /// The value with this id, when the variable has several.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Deletes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    let mut set = super::of_project(&client, &project)?;
    let meant = super::one_value(&set, arguments.name.as_deref(), arguments.id.as_deref())?;
    let scope = scope::words(&meant.scope, &set.scope_values);
    let scope = match scope.as_str() {
        "" => String::new(),
        scope => format!(" ({scope})"),
    };
    let what = format!("the variable {}{scope}", meant.name);
    arguments.confirmation.obtain(&what, session)?;
    set.variables.retain(|one| one.id != meant.id);
    super::store(&client, &set)?;
    deleted(&meant.id, &meant.name, "variable", session)
}
