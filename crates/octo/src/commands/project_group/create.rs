//! `octo project-group create`.

use api::ProjectGroup;
use clap::Args;

use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Creates a project group.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project-group create --name Shop
  octo project-group create --name Shop --description 'What customers see'")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other project group.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the project group")?;
    let client = session.client()?;
    let new = ProjectGroup {
        name,
        description: arguments.description,
        ..ProjectGroup::default()
    };
    let created: ProjectGroup = client.post(&ProjectGroup::path(&client, &[]), &new)?;
    super::show(&created, session)
}
