//! Unpacks the package into a new folder of its own.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use layout::install::{UnpackError, unpack};
use nupkg::{Archive, Limits, PackageExtension};

use super::deployment::Deployment;
use super::durable;
use super::failure::Failure;
use super::folder_name::folder_name;
use super::pipeline::Next;
use crate::scripts::{CancelToken, Level};

/// What is being unpacked. A folder of this name that nobody works on was left by a
/// Tentacle that was killed.
const STAGING: &str = ".staging";

/// `Applications/<environment>/<package>`, as an absolute path. Need not exist.
pub(super) fn package_folder(deployment: &Deployment<'_>) -> Result<PathBuf, Failure> {
    let request = deployment.request;
    let root = std::path::absolute(&request.applications);
    let root = root.map_err(Failure::file(&request.applications, "found"))?;
    Ok(root
        .join(folder_name(&request.environment))
        .join(folder_name(&request.package_id)))
}

/// Unpacks next to where the package is to be, and renames: a folder without the
/// staging name is whole, whenever Tentacle is killed.
pub(super) fn extract(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let request = deployment.request;
    let parent = package_folder(deployment)?;
    fs::create_dir_all(&parent).map_err(Failure::file(&parent, "made"))?;
    let staging = parent.join(STAGING);
    let unpacked = remove_folder(&staging)
        .and_then(|()| fs::create_dir(&staging))
        .map_err(Failure::file(&staging, "made"))
        .and_then(|()| fill(deployment, &staging));
    let published =
        unpacked.and_then(|()| publish(&staging, &parent, &folder_name(&request.version)));
    if published.is_err() {
        // The first error is the one to tell. Nothing of the attempt stays, nor an empty folder for it.
        let _ = remove_folder(&staging);
        let _ = fs::remove_dir(&parent);
    }
    let folder = published?;
    deployment.say(
        Level::Info,
        &format!(
            "Unpacked {} to {}",
            request.package_file.display(),
            folder.display()
        ),
    );
    deployment.installed_to = Some(folder);
    deployment.set_directory_variable()?;
    Ok(Next::Convention)
}

fn fill(deployment: &Deployment<'_>, staging: &Path) -> Result<(), Failure> {
    let package = &deployment.request.package_file;
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(package).map_err(Failure::file(package, "read"))?;
    let file = Cancellable {
        file: BufReader::new(file),
        cancel: deployment.cancel,
    };
    let limits = Limits::default();
    let archive = match PackageExtension::split(&name) {
        Some((_, extension)) => Archive::open_as(file, extension, &limits),
        None => Archive::open(file, &limits),
    };
    let unpacked = archive
        .map_err(UnpackError::from)
        .and_then(|mut archive| unpack(&mut archive, staging, durable::UNPACKING));
    // Cancelling shows as an error of reading.
    deployment.check_cancelled()?;
    unpacked.map_err(|source| Failure::Package {
        file: package.clone(),
        source,
    })
}

/// A file that cannot be read any more once the work is cancelled.
struct Cancellable<'a> {
    file: BufReader<File>,
    cancel: &'a CancelToken,
}

impl Read for Cancellable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        self.file.read(buffer)
    }
}

impl Seek for Cancellable<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Renames to the first free one of `<version>`, `<version>_1`, `<version>_2` …
fn publish(staging: &Path, parent: &Path, version: &str) -> Result<PathBuf, Failure> {
    let mut folder = parent.join(version);
    let mut number = 0_u64;
    // Whatever it is that stands there, also a link that leads nowhere.
    while let Some(taken) = fs::symlink_metadata(&folder)
        .map(Some)
        .or_else(absent)
        .transpose()
    {
        taken.map_err(Failure::file(&folder, "read"))?;
        number += 1;
        folder = parent.join(format!("{version}_{number}"));
    }
    layout::rename(staging, &folder).map_err(Failure::file(&folder, "made"))?;
    Ok(folder)
}

fn absent<T>(error: io::Error) -> io::Result<Option<T>> {
    if error.kind() == io::ErrorKind::NotFound {
        Ok(None)
    } else {
        Err(error)
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
