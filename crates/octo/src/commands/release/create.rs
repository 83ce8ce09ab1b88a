//! `octo release create`.

use std::fs;
use std::path::PathBuf;

use api::{CreateReleaseV1, CreatedRelease, Project};
use clap::Args;

use crate::error::Error;
use crate::files;
use crate::names;
use crate::session::Session;

/// Creates a release of a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo release create --project Web
  octo release create --project Web --version 1.2.0 --package-version 1.2.0
  octo release create --project Web --package 'Deploy the shop:2.0.1' --channel Beta --ignore-existing")]
pub(crate) struct Arguments {
    /// The project, by name, slug or id.
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// Its channel, by name or id; the project's default one when not given.
    #[arg(long, short, value_name = "NAME")]
    channel: Option<String>,
    /// The release's number; made by the project's rule when not given.
    #[arg(long, short)]
    version: Option<String>,
    /// Version of each package that --package does not name; the newest when not given.
    #[arg(long, value_name = "VERSION")]
    package_version: Option<String>,
    /// Version of one package: STEP:VERSION, PACKAGE:VERSION or STEP:PACKAGE:VERSION; may be given several times.
    #[arg(long, value_name = "STEP:VERSION")]
    package: Vec<String>,
    /// Notes, as Markdown.
    #[arg(
        long,
        short = 'n',
        value_name = "TEXT",
        conflicts_with = "release_notes_file"
    )]
    release_notes: Option<String>,
    /// A file with the notes.
    #[arg(long, value_name = "FILE")]
    release_notes_file: Option<PathBuf>,
    /// When there is this release already, that one is the result.
    #[arg(long, short = 'x')]
    ignore_existing: bool,
    /// Also versions that the channel does not let in.
    #[arg(long)]
    ignore_channel_rules: bool,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let project = session.pick::<Project>(arguments.project, "--project", "Project")?;
    let release_notes = match arguments.release_notes_file {
        None => arguments.release_notes.unwrap_or_default(),
        Some(path) => fs::read_to_string(&path).map_err(files::failed("read", &path))?,
    };
    let client = session.client()?;
    let new = CreateReleaseV1 {
        project_name: project,
        package_version: arguments.package_version.unwrap_or_default(),
        release_version: arguments.version.unwrap_or_default(),
        channel_name: arguments.channel.unwrap_or_default(),
        packages: arguments.package,
        release_notes,
        ignore_if_already_exists: arguments.ignore_existing,
        ignore_channel_rules: arguments.ignore_channel_rules,
    };
    let created: CreatedRelease = client
        .post(&client.in_space(&["releases", "create", "v1"]), &new)
        .map_err(|error| names::explained_project(error, &client, &new.project_name))?;
    session.output.record(
        &created,
        &created.release_version,
        vec![
            ("Id", (&created.release_id).into()),
            ("Version", (&created.release_version).into()),
        ],
    )?;
    Ok(())
}
