//! Publishing a version of Tentacle: unpacked beside the others, then renamed into place.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use nupkg::{Archive, EntryKind, Limits, NuGetVersion};

use super::error::{InstallError, WriteError};
use super::space::free_bytes;
use super::unpack::{Writes, unpack};
use crate::durable::{rename, sync_folder};
use crate::home::{Home, PROGRAM};
use crate::stamp::{STAMP_FILE, Stamp};

/// What to do about a folder of that version that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Leave it: fine when its stamp is the same, an error when it is another one.
    Keep,
    /// Put the new one in its place.
    Replace,
}

/// Installs a package of Tentacle as this version, side by side with what is there. That the
/// package is of this version, and for this system, its caller knows.
///
/// The version's folder appears whole, with its stamp, by one rename after
/// everything in it is on disk. After an error nothing is left of the try. A
/// repeated call with the same stamp finds its work done.
///
/// # Errors
/// [`InstallError`]: a package that is damaged or without the program, a disk that
/// is full, a folder that cannot be written.
pub fn install_version(
    home: &Home,
    package: &Path,
    version: &NuGetVersion,
    stamp: &Stamp,
    existing: Existing,
) -> Result<(), InstallError> {
    let refused = |source| InstallError::Package {
        path: package.to_owned(),
        source,
    };
    let file = File::open(package).map_err(|error| refused(error.into()))?;
    let mut archive = Archive::open(file, &Limits::default()).map_err(refused)?;
    check_program(package, &archive)?;
    let folder = home.version_folder(version);
    if existing == Existing::Keep && folder.exists() {
        let there = Stamp::of_folder(&folder);
        if there == *stamp {
            return Ok(());
        }
        let stamp = there.to_string();
        let version = version.clone();
        return Err(InstallError::Exists { version, stamp });
    }
    let versions = home.versions();
    fs::create_dir_all(&versions).map_err(WriteError::at(&versions))?;
    check_space(&versions, &archive)?;

    let staging = Staging::create(home, version)?;
    let inside = |source| InstallError::Unpack {
        path: package.to_owned(),
        source,
    };
    unpack(&mut archive, &staging.path, Writes::Durable).map_err(inside)?;
    make_executable(&staging.path.join(PROGRAM))?;
    write_stamp(&staging.path, stamp)?;
    publish(home, &staging.path, &folder, version)?;
    Ok(())
}

/// Removes a version; one that is not there is fine. It is renamed away first, so
/// that nobody sees half of it.
///
/// # Errors
/// [`WriteError`] when the folder cannot be changed.
pub fn remove_version(home: &Home, version: &NuGetVersion) -> Result<(), WriteError> {
    let folder = home.version_folder(version);
    let removed = Staging::name(home, version);
    match rename(&folder, &removed.path) {
        Ok(()) => fs::remove_dir_all(&removed.path).map_err(WriteError::at(&removed.path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(WriteError {
            path: folder,
            source,
        }),
    }
}

/// A folder in `versions/` that nothing looks at; removed on drop if it is still there.
struct Staging {
    path: PathBuf,
}

impl Staging {
    /// A name that no other process or thread uses.
    fn name(home: &Home, version: &NuGetVersion) -> Staging {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = home.staging(&format!("{version}-{}-{number}", std::process::id()));
        Staging { path }
    }

    fn create(home: &Home, version: &NuGetVersion) -> Result<Staging, WriteError> {
        let staging = Staging::name(home, version);
        // Of a process that had the same id and did not come to its end.
        let _ = fs::remove_dir_all(&staging.path);
        fs::create_dir(&staging.path).map_err(WriteError::at(&staging.path))?;
        Ok(staging)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Gone after a rename; what cannot be removed now is removed on the next start.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn check_program<R: Read + Seek>(package: &Path, archive: &Archive<R>) -> Result<(), InstallError> {
    let is_program = |entry: &nupkg::Entry| entry.kind == EntryKind::File && entry.path == PROGRAM;
    if archive.entries().iter().any(is_program) {
        return Ok(());
    }
    Err(InstallError::NoProgram {
        path: package.to_owned(),
        program: PROGRAM.to_owned(),
    })
}

fn check_space<R: Read + Seek>(folder: &Path, archive: &Archive<R>) -> Result<(), InstallError> {
    /// What the smallest file takes on the usual file systems.
    const BLOCK: u64 = 4096;
    let taken = |entry: &nupkg::Entry| entry.size.saturating_add(BLOCK);
    let needed = archive
        .entries()
        .iter()
        .map(taken)
        .fold(0, u64::saturating_add);
    // A disk that does not tell its free space is found full while writing.
    room(folder, needed, free_bytes(folder).ok().flatten())
}

pub(super) fn room(folder: &Path, needed: u64, free: Option<u64>) -> Result<(), InstallError> {
    match free {
        Some(free) if free < needed => Err(InstallError::NoSpace {
            folder: folder.to_owned(),
            needed,
            free,
        }),
        _ => Ok(()),
    }
}

fn write_stamp(folder: &Path, stamp: &Stamp) -> Result<(), WriteError> {
    let path = folder.join(STAMP_FILE);
    let write = || {
        let mut file = File::create_new(&path)?;
        writeln!(file, "{stamp}")?;
        file.sync_all()?;
        sync_folder(folder)
    };
    write().map_err(WriteError::at(&path))
}

#[cfg(unix)]
fn make_executable(program: &Path) -> Result<(), WriteError> {
    use std::os::unix::fs::PermissionsExt as _;
    let make = || {
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
        File::open(program)?.sync_all()
    };
    make().map_err(WriteError::at(program))
}

#[cfg(not(unix))]
fn make_executable(_program: &Path) -> Result<(), WriteError> {
    Ok(())
}

fn publish(
    home: &Home,
    staging: &Path,
    folder: &Path,
    version: &NuGetVersion,
) -> Result<(), WriteError> {
    let old = Staging::name(home, version);
    let replaces = folder.exists();
    if replaces {
        rename(folder, &old.path).map_err(WriteError::at(folder))?;
    }
    if let Err(source) = rename(staging, folder) {
        if replaces {
            // The first error is the one to tell.
            let _ = rename(&old.path, folder);
        }
        let path = folder.to_owned();
        return Err(WriteError { path, source });
    }
    let versions = home.versions();
    sync_folder(&versions).map_err(WriteError::at(&versions))
}
