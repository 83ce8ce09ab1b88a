//! From files to the package file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nupkg::PackageBuilder;
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::files::failed;

/// Adds files of the folder `base`; they are read by [`write`].
pub(super) fn fill<'a>(
    mut builder: PackageBuilder<'a>,
    base: &Path,
    files: &[PathBuf],
) -> Result<PackageBuilder<'a>, Error> {
    for file in files {
        let path = base.join(file);
        let parts: Option<Vec<&str>> = file.iter().map(|part| part.to_str()).collect();
        let Some(parts) = parts else {
            return Err(Error::Files {
                message: format!("The name of {} is not Unicode.", path.display()),
                hint: "Rename it, or leave it out with --include.",
            });
        };
        let mode = mode(&path).map_err(failed("read", &path))?;
        builder = builder.file(&parts.join("/"), mode, Lazy::Closed(path))?;
    }
    Ok(builder)
}

/// Writes the package and answers with its size in bytes. Writes beside the target and renames, so that no half package is ever there.
pub(super) fn write(
    builder: PackageBuilder<'_>,
    target: &Path,
    overwrite: bool,
) -> Result<u64, Error> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::fs::create_dir_all(folder).map_err(failed("created", folder))?;
    let mut draft = draft(folder).map_err(failed("written", target))?;
    builder.finish(draft.as_file_mut())?;
    let bytes = draft
        .as_file()
        .metadata()
        .map_err(failed("written", target))?
        .len();
    let done = if overwrite {
        draft.persist(target)
    } else {
        draft.persist_noclobber(target)
    };
    match done {
        Ok(_) => Ok(bytes),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(target)),
        Err(error) => Err(failed("written", target)(error.error)),
    }
}

/// A file that is opened when it is first read and closed at its end, so that a package of many
/// files keeps few open.
enum Lazy {
    Closed(PathBuf),
    Open(std::fs::File),
    Done,
}

impl Read for Lazy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Closed(path) = self {
            *self = Self::Open(std::fs::File::open(path)?);
        }
        let Self::Open(file) = self else { return Ok(0) };
        let count = file.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            *self = Self::Done;
        }
        Ok(count)
    }
}

/// The package file is there and may not be replaced.
pub(super) fn exists(target: &Path) -> Error {
    Error::Files {
        message: format!("{} is there already.", target.display()),
        hint: "Give --overwrite to replace it.",
    }
}

/// A temporary file that becomes the package, with the rights of an ordinary new file.
#[cfg(unix)]
fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new()
        .permissions(PermissionsExt::from_mode(0o666))
        .tempfile_in(folder)
}

#[cfg(not(unix))]
fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

#[cfg(unix)]
fn mode(path: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    // Whether it runs is the package's business; who may write it is this machine's.
    let mode = std::fs::metadata(path)?.permissions().mode();
    Ok(if mode & 0o111 == 0 { 0o644 } else { 0o755 })
}

#[cfg(not(unix))]
fn mode(_: &Path) -> io::Result<u32> {
    Ok(0o644)
}
