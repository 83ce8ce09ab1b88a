//! `octo release list`.

use api::{Channel, Project};
use clap::Args;

use crate::error::Error;
use crate::names::NamesById;
use crate::output::Format;
use crate::session::Session;

/// Lists the releases of a project, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release list --project Web
  octo release list --project Web --limit 1 -f basic")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// How many at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    let mut all = super::of_project(&client, &project)?;
    all.truncate(arguments.limit.unwrap_or(usize::MAX));
    let channels = match session.output.format() {
        Format::Table if !all.is_empty() => NamesById::of::<Channel>(&client)?,
        _ => NamesById::default(),
    };
    session.output.list(
        &all,
        &["Version", "Id", "Channel", "Assembled", "Packages"],
        |release| &release.version,
        |release| {
            let chosen = release.selected_packages.iter();
            let chosen = chosen.map(|one| format!("{} {}", one.action_name, one.version));
            let chosen: Vec<String> = chosen.collect();
            vec![
                (&release.version).into(),
                (&release.id).into(),
                channels.name(&release.channel_id).into(),
                session.output.time(&release.assembled).into(),
                chosen.join(", ").into(),
            ]
        },
    )?;
    Ok(())
}
