//! `octo project variables list`.

use api::Project;
use api::variables::Variable;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists the variables of a project with the scopes in which each value holds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project variables list --project Web
  octo project variables list --project Web -f json")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let set = super::of_project(&session.client()?, &project)?;
    let mut all: Vec<&Variable> = set.variables.iter().collect();
    all.sort_by_key(|one| one.name.to_lowercase());
    super::show(&set, &all, session)
}
