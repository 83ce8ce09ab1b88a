//! `octo channel list`.

use api::Project;
use clap::Args;

use crate::commands::parts::yes;
use crate::error::Error;
use crate::session::Session;

/// Lists the channels of a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo channel list --project Web
  octo channel list --project Web -f basic")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let (_, channels) = super::of_project(&session.client()?, &project)?;
    session.output.list(
        &channels,
        &["Name", "Id", "Default", "Description"],
        |channel| &channel.name,
        |channel| {
            vec![
                (&channel.name).into(),
                (&channel.id).into(),
                yes(channel.is_default),
                (&channel.description).into(),
            ]
        },
    )?;
    Ok(())
}
