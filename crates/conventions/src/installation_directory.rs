//! Copies the configured package to a directory that the step names, if it names one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::deployment::Deployment;
use super::failure::Failure;
use super::files::{self, Patterns, walk_failure};
use super::lock::DIRECTORIES;
use super::pipeline::Next;
use crate::scripts::Level;

const NAME: &str = "Octopus.Action.Package.CustomInstallationDirectory";
const PURGE: &str =
    "Octopus.Action.Package.CustomInstallationDirectoryShouldBePurgedBeforeDeployment";
const EXCLUSIONS: &str = "Octopus.Action.Package.CustomInstallationDirectoryPurgeExclusions";

/// The directory that the step names, if it names one.
pub(super) fn wanted(deployment: &Deployment<'_>) -> Result<Option<PathBuf>, Failure> {
    let value = deployment.get(NAME)?;
    if value.is_empty() {
        return Ok(None);
    }
    if value.contains("#{") {
        return Err(Failure::BadValue {
            name: NAME,
            expected: "a path whose variables all have a value",
            value,
        });
    }
    let path = PathBuf::from(&value);
    if !path.is_absolute() {
        return Err(Failure::BadValue {
            name: NAME,
            expected: "an absolute path",
            value,
        });
    }
    Ok(Some(path))
}

pub(super) fn fill(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let (Some(target), Some(source)) = (wanted(deployment)?, deployment.installed_to.clone())
    else {
        return Ok(Next::Convention);
    };
    fs::create_dir_all(&target).map_err(Failure::file(&target, "made"))?;
    let real = target
        .canonicalize()
        .map_err(Failure::file(&target, "found"))?;
    refuse_dangerous(deployment, &target, &real)?;

    let wait = || {
        deployment.say(
            Level::Wait,
            &format!("Waiting for another deployment to {}", target.display()),
        )
    };
    let held = DIRECTORIES
        .hold(&real, deployment.cancel, wait)
        .ok_or(Failure::Cancelled)?;
    deployment.locks.push(held);

    if deployment.flag(PURGE, false)? {
        let keep = Patterns::of(deployment, EXCLUSIONS)?;
        deployment.say(Level::Info, &format!("Emptying {}", target.display()));
        purge(deployment, &real, &keep)?;
    }
    deployment.say(Level::Info, &format!("Copying to {}", target.display()));
    copy(deployment, &source, &real)?;
    deployment.custom_directory = Some(target);
    deployment.set_directory_variable()?;
    Ok(Next::Convention)
}

/// Installing over what must stay, or emptying a whole disk, is never what was meant.
fn refuse_dangerous(
    deployment: &Deployment<'_>,
    target: &Path,
    real: &Path,
) -> Result<(), Failure> {
    let refuse = |reason| {
        Err(Failure::CustomDirectory {
            path: target.to_owned(),
            reason,
        })
    };
    if real.parent().is_none() {
        return refuse("is the root of a disk");
    }
    let request = deployment.request;
    for own in [
        &request.applications,
        &request.work_folder,
        &request.journal,
        &request.package_file,
    ] {
        if own.canonicalize().is_ok_and(|own| own.starts_with(real)) {
            return refuse("holds files of Tentacle itself");
        }
    }
    if request
        .applications
        .canonicalize()
        .is_ok_and(|own| real.starts_with(own))
    {
        return refuse("is in the folder Applications, where packages are kept side by side");
    }
    Ok(())
}

/// Deletes all but what the patterns keep. What is in a kept folder is kept, too.
fn purge(deployment: &Deployment<'_>, folder: &Path, keep: &Patterns) -> Result<(), Failure> {
    let relative = |entry: &DirEntry| {
        entry
            .path()
            .strip_prefix(folder)
            .map(Path::to_owned)
            .unwrap_or_default()
    };
    let is_purged = |entry: &DirEntry| entry.depth() == 0 || !keep.matches(&relative(entry));
    // Children come before their folder; the folder is left if any of them is.
    let mut doomed = Vec::new();
    for entry in WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .filter_entry(is_purged)
    {
        doomed.push(entry.map_err(|error| walk_failure(folder, error))?);
    }
    for entry in doomed.into_iter().rev() {
        deployment.check_cancelled()?;
        let path = entry.path();
        let removed = if entry.file_type().is_dir() {
            fs::remove_dir(path)
        } else {
            remove_link_or_file(path)
        };
        match removed {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            removed => removed.map_err(Failure::file(path, "deleted"))?,
        }
    }
    Ok(())
}

/// On Windows, a link to a folder is removed as a folder.
fn remove_link_or_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| {
        if cfg!(windows) {
            fs::remove_dir(path)
        } else {
            Err(error)
        }
    })
}

/// Copies all files with their modes and times, each replaced as a whole.
fn copy(deployment: &Deployment<'_>, source: &Path, target: &Path) -> Result<(), Failure> {
    for entry in WalkDir::new(source).min_depth(1).sort_by_file_name() {
        deployment.check_cancelled()?;
        let entry = entry.map_err(|error| walk_failure(source, error))?;
        let Ok(relative) = entry.path().strip_prefix(source) else {
            continue;
        };
        let path = target.join(relative);
        let copied = if entry.file_type().is_dir() {
            make_folder(&path)
        } else if entry.file_type().is_symlink() {
            copy_link(entry.path(), &path)
        } else {
            copy_file(entry.path(), &path)
        };
        copied.map_err(Failure::file(&path, "written"))?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        Ok(())
    } else {
        fs::create_dir(path)
    }
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let metadata = source.metadata()?;
    files::replace(to, |file| {
        io::copy(&mut source, file)?;
        file.set_modified(metadata.modified()?)
    })?;
    // Last: the mode is the package's, not that of the file that was there.
    fs::set_permissions(to, metadata.permissions())
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

/// Windows: links need a privilege that services may lack, so the file itself is copied.
#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() {
        copy_file(from, to)
    } else {
        make_folder(to)
    }
}
