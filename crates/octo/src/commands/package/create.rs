//! What `package nuget create` and `package zip create` have in common.

use std::path::{Path, PathBuf};

use clap::Args;
use nupkg::{NuGetVersion, PackageBuilder, PackageExtension, PackageFileName, PackageId};
use serde::Serialize;

use crate::error::Error;
use crate::files;
use crate::output::size;
use crate::session::Session;

mod pack;

use pack::{exists, fill, write};

/// Flags of every command that makes a package.
#[derive(Debug, Args)]
pub(super) struct Creation {
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

impl Creation {
    /// The name of the package file; asks for what is missing.
    pub(super) fn name(
        &mut self,
        extension: PackageExtension,
        session: &Session<'_>,
    ) -> Result<PackageFileName, Error> {
        let id = session.required(self.id.take(), "--id", "Id of the package")?;
        let id = PackageId::parse(&id)
            .map_err(|error| bad(&error, "Give an id such as Acme.Web with --id."))?;
        let version = self
            .version
            .take()
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
        Ok(PackageFileName {
            id,
            version,
            extension,
        })
    }

    /// Packs the files and tells what was written.
    pub(super) fn create(
        &self,
        name: &PackageFileName,
        builder: PackageBuilder<'_>,
        session: &Session<'_>,
    ) -> Result<(), Error> {
        let target = self.out_folder.join(name.to_string());
        if target.exists() && !self.overwrite {
            return Err(exists(&target));
        }
        let included = self.included(&name.id)?;
        let builder = fill(builder, &self.base_path, &included)?;
        let bytes = write(builder, &target, self.overwrite)?;
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

    /// The files to pack, without packages of the same id in the output folder.
    fn included(&self, id: &PackageId) -> Result<Vec<PathBuf>, Error> {
        let mut included = files::below(&self.base_path, &self.include)?;
        let out = self.out_folder.canonicalize().ok();
        included.retain(|file| {
            let file = self.base_path.join(file);
            let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
            out.is_none() || folder != out || !is_package_of(&file, id)
        });
        if included.is_empty() {
            return Err(Error::Files {
                message: format!("No file in {} is included.", self.base_path.display()),
                hint: "Check --base-path and --include.",
            });
        }
        Ok(included)
    }
}

fn is_package_of(file: &Path, id: &PackageId) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    PackageFileName::parse(&name).is_ok_and(|name| name.id == *id)
}

fn bad(error: &dyn std::error::Error, hint: &str) -> Error {
    Error::usage(format!("{error}."), hint)
}
