//! `octo project view`.

use api::{Lifecycle, Project, ProjectGroup};
use clap::Args;

use crate::commands::parts::yes;
use crate::error::Error;
use crate::names::{self, Named, NamesById};
use crate::output::Format;
use crate::session::Session;

/// Shows one project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo project view Web
  octo project view web -f json")]
pub(crate) struct Arguments {
    /// Its name, slug or id.
    #[arg(value_name = "NAME|ID")]
    which: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Project>(arguments.which, "NAME", "Project")?;
    let client = session.client()?;
    let project: Project = names::one(&client, &wanted)?;
    let (mut groups, mut lifecycles) = (NamesById::default(), NamesById::default());
    let mut channels = Vec::new();
    if session.output.format() == Format::Table {
        groups = NamesById::of::<ProjectGroup>(&client)?;
        lifecycles = NamesById::of::<Lifecycle>(&client)?;
        let path = Project::path(&client, &[&project.id, "channels"]);
        channels = names::names::<api::Channel>(&client.all(&path, &[])?);
    }
    session.output.record(
        &project,
        &project.name,
        vec![
            ("Id", (&project.id).into()),
            ("Name", (&project.name).into()),
            ("Slug", (&project.slug).into()),
            ("Description", (&project.description).into()),
            ("Group", groups.name(&project.project_group_id).into()),
            ("Lifecycle", lifecycles.name(&project.lifecycle_id).into()),
            ("Channels", channels.join(", ").into()),
            ("Disabled", yes(project.is_disabled)),
        ],
    )?;
    Ok(())
}
