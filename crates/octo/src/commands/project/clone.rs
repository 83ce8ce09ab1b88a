//! `octo project clone`.

use api::{Lifecycle, Project, ProjectGroup};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Creates a project as another one is: its process, variables, channels and settings, without its
/// releases.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project clone Web --name Api
  octo project clone Web --name Api --group Shop --description 'What programs call'")]
pub(crate) struct Arguments {
    /// The project to copy, by name, slug or id.
    #[arg(value_name = "NAME|ID")]
    source: Option<String>,
    /// Name of the new one: 1 to 100 characters, unlike that of any other project.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text; that of the source when not given.
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Its project group, by name or id; that of the source when not given.
    #[arg(long, short, value_name = "NAME")]
    group: Option<String>,
    /// Its lifecycle, by name or id; that of the source when not given.
    #[arg(long, short, value_name = "NAME")]
    lifecycle: Option<String>,
}

/// Copies it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let source = session.pick::<Project>(arguments.source, "NAME", "Project to copy")?;
    let name = session.required(arguments.name, "--name", "Name of the new project")?;
    let client = session.client()?;
    let source: Project = names::one(&client, &source)?;
    let group = match arguments.group {
        Some(wanted) => names::one::<ProjectGroup>(&client, &wanted)?.id,
        None => source.project_group_id.clone(),
    };
    let lifecycle = match arguments.lifecycle {
        Some(wanted) => names::one::<Lifecycle>(&client, &wanted)?.id,
        None => source.lifecycle_id.clone(),
    };
    let new = Project {
        name,
        slug: String::new(),
        description: arguments
            .description
            .unwrap_or_else(|| source.description.clone()),
        project_group_id: group,
        lifecycle_id: lifecycle,
        ..source.clone()
    };
    let path = format!("{}?clone={}", Project::path(&client, &[]), source.id);
    super::show(&client.post(&path, &new)?, session)
}
