//! `octo package extract`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use layout::install::{Writes, unpack};
use nupkg::EntryKind;
use serde::Serialize;

use super::open::{Package, open};
use crate::error::Error;
use crate::files::failed;
use crate::session::Session;

/// Extracts a package file as a deployment would.
///
/// A NuGet package without its packaging. A package that is damaged, or that would write outside
/// of the folder, leaves nothing there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package extract Acme.Web.1.2.0.nupkg --out Acme.Web
  octo package extract Acme.Web.1.2.0.zip --out /tmp/look -f json")]
pub(crate) struct Arguments {
    /// The package file.
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The folder to extract to; made when it is not there, else it must be empty.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, value_parser = NonEmptyStringValueParser::new())]
    out: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    folder: String,
    package_id: Option<String>,
    version: Option<String>,
    files: usize,
}

/// Extracts it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let out = session.required(arguments.out, "--out", "Folder to extract to")?;
    let out = Path::new(&out);
    let mut package = open(&arguments.file)?;
    let made = make_empty(out)?;
    let extracted = extract(&mut package, &arguments.file, out);
    if extracted.is_err() && made {
        // Only if it is empty; the first error is the one to tell.
        let _ = fs::remove_dir(out);
    }
    extracted?;
    let entries = package.archive.content_entries();
    let files = entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Directory);
    let outcome = Outcome {
        folder: out.display().to_string(),
        package_id: package.id,
        version: package.version,
        files: files.count(),
    };
    let optional = |text: &Option<String>| text.clone().unwrap_or_default().into();
    session.output.record(
        &outcome,
        &outcome.folder,
        vec![
            ("Package", optional(&outcome.package_id)),
            ("Version", optional(&outcome.version)),
            ("Files", outcome.files.to_string().into()),
            ("Extracted to", (&outcome.folder).into()),
        ],
    )?;
    Ok(())
}

/// Makes sure that there is an empty folder; `true` if it was not there before.
fn make_empty(out: &Path) -> Result<bool, Error> {
    match fs::read_dir(out) {
        Ok(mut entries) => match entries.next() {
            None => Ok(false),
            Some(_) => Err(Error::Files {
                message: format!("{} is not empty.", out.display()),
                hint: "Give a new or an empty folder with --out.",
            }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(out).map_err(failed("created", out))?;
            Ok(true)
        }
        Err(error) => Err(failed("written to", out)(error)),
    }
}

/// Extracts into a folder inside of `out` first, so that a package that is damaged somewhere
/// leaves nothing.
fn extract(package: &mut Package, file: &Path, out: &Path) -> Result<(), Error> {
    let written = || failed("written to", out);
    let draft = tempfile::Builder::new()
        .prefix(".octo-")
        .tempdir_in(out)
        .map_err(written())?;
    unpack(&mut package.archive, draft.path(), Writes::Cached).map_err(|source| {
        Error::Extract {
            path: file.to_owned(),
            into: out.to_owned(),
            source: source.into(),
        }
    })?;
    for entry in fs::read_dir(draft.path()).map_err(written())? {
        let entry = entry.map_err(written())?;
        fs::rename(entry.path(), out.join(entry.file_name())).map_err(written())?;
    }
    draft.close().map_err(written())
}
