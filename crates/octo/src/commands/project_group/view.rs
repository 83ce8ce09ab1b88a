//! `octo project-group view`.

use api::{Project, ProjectGroup};
use clap::Args;

use crate::commands::parts::capital;
use crate::error::Error;
use crate::names::{self, Named};
use crate::output::Format;
use crate::session::Session;

/// Shows one project group with its projects.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project-group view Shop
  octo project-group view Shop -f json")]
pub(crate) struct Arguments {
    /// Its name or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let question = capital(ProjectGroup::KIND);
    let wanted = session.pick::<ProjectGroup>(arguments.which, "NAME", &question)?;
    let client = session.client()?;
    let group: ProjectGroup = names::one(&client, &wanted)?;
    let mut projects = Vec::new();
    if session.output.format() == Format::Table {
        projects = Project::list(&client)?;
        projects.retain(|project| project.project_group_id == group.id);
    }
    session.output.record(
        &group,
        &group.name,
        vec![
            ("Id", (&group.id).into()),
            ("Name", (&group.name).into()),
            ("Description", (&group.description).into()),
            ("Projects", names::names(&projects).join(", ").into()),
        ],
    )?;
    Ok(())
}
