//! Extracting the content of a package into a folder, and nowhere else.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nupkg::archive::EntryReader;
use nupkg::{Archive, ArchiveError, Entry, EntryKind};

use super::error::WriteError;
use crate::durable::sync_folder;

/// Whether what is written must survive a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// The system writes it to disk in its own time.
    Cached,
    /// Every file and folder is on disk before the call returns.
    Durable,
}

/// A package could not be extracted; what was written of it is gone again.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The package is damaged.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its content cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Extracts the content entries (not the packaging of a nupkg) with their modes and
/// times into `into`, which must be an existing empty folder.
///
/// Nothing outside of it is ever written: the archive was checked when it was
/// opened, files are only created and never opened, folders are made one by one,
/// and links come last, so no path leads through one.
///
/// # Errors
/// [`UnpackError`], which names the entry or the file. Nothing of the package stays then.
pub fn unpack<R: Read + Seek>(
    archive: &mut Archive<R>,
    into: &Path,
    writes: Writes,
) -> Result<(), UnpackError> {
    let mut target = Target {
        root: into,
        folders: BTreeSet::new(),
        made: Vec::new(),
        writes,
    };
    let unpacked = fill(archive, &mut target);
    if unpacked.is_err() {
        target.remove();
    }
    unpacked
}

fn fill<R: Read + Seek>(
    archive: &mut Archive<R>,
    target: &mut Target<'_>,
) -> Result<(), UnpackError> {
    let (links, others): (Vec<Entry>, Vec<Entry>) = archive
        .content_entries()
        .into_iter()
        .partition(|entry| matches!(entry.kind, EntryKind::Symlink { .. }));
    for entry in &others {
        match &entry.kind {
            EntryKind::Directory => target.folder(&entry.path)?,
            EntryKind::HardLink { target: of } => target.copy(entry, of)?,
            _ => target.file(entry, archive.read_entry(entry)?)?,
        }
    }
    for entry in &links {
        if let EntryKind::Symlink { target: to } = &entry.kind {
            target.link(&entry.path, to)?;
        }
    }
    target.finish()
}

struct Target<'a> {
    root: &'a Path,
    /// Those made so far, relative to the root.
    folders: BTreeSet<String>,
    /// What was made directly in the root.
    made: Vec<PathBuf>,
    writes: Writes,
}

impl Target<'_> {
    /// Makes a folder and those above it.
    fn folder(&mut self, path: &str) -> Result<(), UnpackError> {
        let ends = path
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([path.len()]);
        for folder in ends.filter_map(|end| path.get(..end)) {
            if !self.folders.contains(folder) {
                let full = self.root.join(folder);
                fs::create_dir(&full).map_err(WriteError::at(&full))?;
                self.made(folder);
                self.folders.insert(folder.to_owned());
            }
        }
        Ok(())
    }

    /// The full path, in a folder that exists.
    fn place(&mut self, path: &str) -> Result<PathBuf, UnpackError> {
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.folder(folder)?;
        }
        Ok(self.root.join(path))
    }

    fn file<R: Read + Seek>(
        &mut self,
        entry: &Entry,
        mut content: EntryReader<'_, R>,
    ) -> Result<(), UnpackError> {
        let path = self.place(&entry.path)?;
        let mut file = File::create_new(&path).map_err(WriteError::at(&path))?;
        self.made(&entry.path);
        copy(&mut content, &mut file, &path)?;
        drop(content);
        Ok(self.close(&file, entry).map_err(WriteError::at(&path))?)
    }

    /// A file with the content of one that was extracted before.
    fn copy(&mut self, entry: &Entry, of: &str) -> Result<(), UnpackError> {
        let path = self.place(&entry.path)?;
        let mut copy = || {
            let mut file = File::create_new(&path)?;
            self.made(&entry.path);
            io::copy(&mut File::open(self.root.join(of))?, &mut file)?;
            self.close(&file, entry)
        };
        Ok(copy().map_err(WriteError::at(&path))?)
    }

    fn close(&self, file: &File, entry: &Entry) -> io::Result<()> {
        set_mode(file, entry.mode)?;
        if let Some(time) = entry.modified.and_then(system_time) {
            file.set_modified(time)?;
        }
        match self.writes {
            Writes::Cached => Ok(()),
            Writes::Durable => file.sync_all(),
        }
    }

    fn link(&mut self, path: &str, to: &str) -> Result<(), UnpackError> {
        let full = self.place(path)?;
        symlink(to, &full).map_err(WriteError::at(&full))?;
        self.made(path);
        Ok(())
    }

    fn made(&mut self, path: &str) {
        if !path.contains('/') {
            self.made.push(self.root.join(path));
        }
    }

    /// Removes what was made. The error that led here is the one to tell.
    fn remove(&self) {
        for path in &self.made {
            // Neither of them follows a link.
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
        }
    }

    fn finish(&self) -> Result<(), UnpackError> {
        if self.writes == Writes::Durable {
            let made = self.folders.iter().map(|folder| self.root.join(folder));
            for folder in made.chain([self.root.to_owned()]) {
                sync_folder(&folder).map_err(WriteError::at(&folder))?;
            }
        }
        Ok(())
    }
}

/// Like `io::copy`, but tells a damaged package from a full disk.
fn copy(content: &mut impl Read, file: &mut File, path: &Path) -> Result<(), UnpackError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match content.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ArchiveError::from(error).into()),
        };
        let bytes = buffer.get(..count).unwrap_or_default();
        file.write_all(bytes).map_err(WriteError::at(path))?;
    }
}

fn system_time(seconds: i64) -> Option<SystemTime> {
    match u64::try_from(seconds) {
        Ok(after) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(after)),
        Err(_) => {
            let before = Duration::from_secs(seconds.unsigned_abs());
            SystemTime::UNIX_EPOCH.checked_sub(before)
        }
    }
}

/// Its owner can always read and replace it, whatever the package says.
#[cfg(unix)]
fn set_mode(file: &File, mode: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match mode {
        Some(mode) => file.set_permissions(fs::Permissions::from_mode(mode & 0o777 | 0o600)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn set_mode(_file: &File, _mode: Option<u32>) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symlink(to: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, path)
}

#[cfg(windows)]
fn symlink(to: &str, path: &Path) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};
    let to = to.replace('/', "\\");
    match path
        .parent()
        .is_some_and(|folder| folder.join(&to).is_dir())
    {
        true => symlink_dir(to, path),
        false => symlink_file(to, path),
    }
}
