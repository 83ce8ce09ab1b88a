//! `octo project variables update`.

use api::Project;
use api::variables::{Variable, VariableScope};
use clap::Args;

use super::scope::Flags;
use crate::error::Error;
use crate::session::Session;

/// Changes one value of a variable: what is not given stays as it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project variables update Port --project Web --value 8081
  octo project variables update --id 7f2e --project Web --environment-scope Staging
  octo project variables update Port --project Web --unscoped --new-name HttpPort")]
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
    /// Another name.
    #[arg(long, value_name = "NAME")]
    new_name: Option<String>,
    /// Another value.
    #[arg(long)]
    value: Option<String>,
    /// Another free text.
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    scope: Flags,
    /// Let it hold everywhere.
    #[arg(long)]
    unscoped: bool,
}

/// Changes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let scoped = !arguments.scope.is_empty();
    if scoped && arguments.unscoped {
        return Err(Error::usage(
            "--unscoped cannot be given together with a scope.",
            "Give --unscoped to drop the scope, or the scope's flags to set another.",
        ));
    }
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    let mut set = super::of_project(&client, &project)?;
    let meant = super::one_value(&set, arguments.name.as_deref(), arguments.id.as_deref())?;
    let scope = match (scoped, arguments.unscoped) {
        (true, _) => arguments.scope.scope(&set.scope_values)?,
        (false, true) => VariableScope::default(),
        (false, false) => meant.scope.clone(),
    };
    let changed = Variable {
        name: arguments.new_name.unwrap_or(meant.name),
        value: arguments.value.or(meant.value),
        description: arguments.description.unwrap_or(meant.description),
        scope,
        id: meant.id.clone(),
        ..meant
    };
    for one in &mut set.variables {
        if one.id == changed.id {
            one.clone_from(&changed);
        }
    }
    let set = super::store(&client, &set)?;
    super::show_one(
        &set,
        &super::one_value(&set, None, Some(&changed.id))?,
        session,
    )
}
