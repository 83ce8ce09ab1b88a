//! `octo package nuget create`.

use std::path::{Path, PathBuf};

use clap::Args;
use nupkg::{NuGetVersion, Nuspec, PackageBuilder, PackageExtension, PackageFileName, PackageId};
use serde::Serialize;

use crate::error::Error;
use crate::files;
use crate::output::size;
use crate::session::Session;

mod pack;

use pack::{exists, failed, fill, write};

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
    /// The package's id.
    #[arg(long)]
    id: Option<String>,
    /// Its version; made from the date and time when not given.
    #[arg(long, short)]
    version: Option<String>,
    /// The folder whose files are packed.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    base_path: PathBuf,
    /// Where the package is written.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out_folder: PathBuf,
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
    /// Pattern of the files to pack, from the base path; may be given several times.
    #[arg(long, value_name = "GLOB", num_args = 1.., default_value = "**")]
    include: Vec<String>,
    /// Replace the package file if it is there.
    #[arg(long)]
    overwrite: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    file: String,
    package_id: String,
    version: String,
    package_size_bytes: u64,
    files: usize,
}

/// Makes it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let id = session.required(arguments.id, "--id", "Id of the package")?;
    let id = PackageId::parse(&id)
        .map_err(|error| bad(&error, "Give an id such as Acme.Web with --id."))?;
    let version = arguments
        .version
        // Every part is a number without leading zeros, as NuGet wants it.
        .unwrap_or_else(|| {
            session
                .around
                .now
                .strftime("%Y.%-m.%-d.%-H%M%S")
                .to_string()
        });
    let version = NuGetVersion::parse(&version)
        .map_err(|error| bad(&error, "Give a version such as 1.2.0 with --version."))?;
    let name = PackageFileName {
        id: id.clone(),
        version: version.clone(),
        extension: PackageExtension::Nupkg,
    };
    let mut nuspec = Nuspec::new(id, version);
    nuspec.authors = arguments.author;
    nuspec.description = arguments.description;
    nuspec.title = arguments.title;
    nuspec.release_notes = match &arguments.release_notes_file {
        Some(file) => Some(std::fs::read_to_string(file).map_err(failed("read", file))?),
        None => arguments.release_notes,
    };
    let target = arguments.out_folder.join(name.to_string());
    if target.exists() && !arguments.overwrite {
        return Err(exists(&target));
    }
    let mut included = files::below(&arguments.base_path, &arguments.include)?;
    let out = arguments.out_folder.canonicalize().ok();
    included.retain(|file| {
        let file = arguments.base_path.join(file);
        let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
        out.is_none() || folder != out || !is_package_of(&file, &name.id)
    });
    if included.is_empty() {
        return Err(Error::Files {
            message: format!("No file in {} is included.", arguments.base_path.display()),
            hint: "Check --base-path and --include.",
        });
    }
    let builder = fill(PackageBuilder::new(nuspec), &arguments.base_path, &included)?;
    let bytes = write(builder, &target, arguments.overwrite)?;
    let outcome = Outcome {
        file: target.display().to_string(),
        package_id: name.id.to_string(),
        version: name.version.to_string(),
        package_size_bytes: bytes,
        files: included.len(),
    };
    session.output.record(
        &outcome,
        &outcome.file,
        vec![
            ("Package", (&outcome.package_id).into()),
            ("Version", (&outcome.version).into()),
            ("Files", outcome.files.to_string().into()),
            ("Size", size(bytes).into()),
            ("Written to", (&outcome.file).into()),
        ],
    )?;
    Ok(())
}

fn is_package_of(file: &Path, id: &PackageId) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    PackageFileName::parse(&name).is_ok_and(|name| name.id == *id)
}

fn bad(error: &dyn std::error::Error, hint: &str) -> Error {
    Error::usage(format!("{error}."), hint)
}
