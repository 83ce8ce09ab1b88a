//! `octo project create`.

use api::{Lifecycle, Project, ProjectGroup};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Creates a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project create --name Web
  octo project create --name Web --group Shop --lifecycle 'Staging, then Production'")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other project.
    #[arg(long, short)]
    name: Option<String>,
    /// Its project group, by name or id.
    #[arg(
        long,
        short,
        value_name = "NAME",
        default_value = "Default Project Group"
    )]
    group: String,
    /// Its lifecycle, by name or id.
    #[arg(long, short, value_name = "NAME", default_value = "Default Lifecycle")]
    lifecycle: String,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the project")?;
    let client = session.client()?;
    let new = Project {
        name,
        description: arguments.description,
        project_group_id: names::one::<ProjectGroup>(&client, &arguments.group)?.id,
        lifecycle_id: names::one::<Lifecycle>(&client, &arguments.lifecycle)?.id,
        ..Project::default()
    };
    let created: Project = client.post(&Project::path(&client, &[]), &new)?;
    super::show(&created, session)
}
