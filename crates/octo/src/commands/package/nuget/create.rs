//! `octo package nuget create`.

use std::path::PathBuf;

use clap::Args;
use nupkg::{Nuspec, PackageBuilder, PackageExtension};

use crate::commands::package::create::Creation;
use crate::error::Error;
use crate::files::failed;
use crate::session::Session;

/// Makes a NuGet package from the files of a folder.
///
/// The same files give the same bytes. Packages of the same id in the output folder are left
/// out, so that a package made in place does not hold its predecessors.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package nuget create --id Acme.Web --version 1.2.0 --base-path publish --out-folder out
  octo package nuget create --id Acme.Web --version 1.2.0 --include '**/*.dll' --include web.config
  octo package nuget create --id Acme.Web --version 1.2.0 --author Acme --overwrite -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    creation: Creation,
    /// Who made it; may be given several times.
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,
    /// What it is, in a paragraph.
    #[arg(long)]
    description: Option<String>,
    /// Its name for people.
    #[arg(long)]
    title: Option<String>,
    /// What is new in this version.
    #[arg(long, value_name = "TEXT", conflicts_with = "release_notes_file")]
    release_notes: Option<String>,
    /// A file that tells what is new in this version.
    #[arg(long, value_name = "FILE")]
    release_notes_file: Option<PathBuf>,
}

/// Makes it.
pub(crate) fn run(mut arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = arguments.creation.name(PackageExtension::Nupkg, session)?;
    let mut nuspec = Nuspec::new(name.id.clone(), name.version.clone());
    nuspec.authors = arguments.author;
    nuspec.description = arguments.description;
    nuspec.title = arguments.title;
    nuspec.release_notes = match &arguments.release_notes_file {
        Some(file) => Some(std::fs::read_to_string(file).map_err(failed("read", file))?),
        None => arguments.release_notes,
    };
    let builder = PackageBuilder::new(nuspec);
    arguments.creation.create(&name, builder, session)
}
