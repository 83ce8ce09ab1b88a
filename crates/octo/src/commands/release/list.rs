//! `octo release list`.

use api::Release;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists the releases of a project, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release list --project Web
  octo release list --project Web -f basic")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
}

/// Lists them.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.required(arguments.project, "--project", "Project")?;
    let client = session.client()?;
    let path = client.in_space(&["projects", &project, "releases"]);
    let all: Vec<Release> = client.all(&path, &[])?;
    session.output.list(
        &all,
        &["Version", "Id", "Assembled", "Packages"],
        |release| &release.version,
        |release| {
            let chosen = release.selected_packages.iter();
            let chosen = chosen.map(|one| format!("{} {}", one.action_name, one.version));
            let chosen: Vec<String> = chosen.collect();
            vec![
                (&release.version).into(),
                (&release.id).into(),
                session.output.time(&release.assembled).into(),
                chosen.join(", ").into(),
            ]
        },
    )?;
    Ok(())
}
