//! `octo channel create`.

use api::{Channel, Lifecycle, Project};
use clap::Args;

use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

/// Creates a channel of a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo channel create --project Web --name Beta
  octo channel create --project Web --name Hotfix --lifecycle 'Straight to production' --default")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// Its name: unlike that of any other channel of the project.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
    /// Its lifecycle, by name or id; the project's when not given.
    #[arg(long, short, value_name = "NAME")]
    lifecycle: Option<String>,
    /// Releases that name no channel take it.
    #[arg(long)]
    default: bool,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let name = session.required(arguments.name, "--name", "Name of the channel")?;
    let client = session.client()?;
    let project: Project = names::one(&client, &project)?;
    let lifecycle = arguments.lifecycle.as_deref();
    let lifecycle = lifecycle.map(|wanted| names::one::<Lifecycle>(&client, wanted));
    let new = Channel {
        name,
        description: arguments.description,
        project_id: project.id,
        lifecycle_id: lifecycle.transpose()?.map(|found| found.id),
        is_default: arguments.default,
        ..Channel::default()
    };
    let created: Channel = client.post(&Channel::path(&client, &[]), &new)?;
    super::show(&created, session)
}
