//! Writing that survives a loss of power.

#[cfg_attr(windows, path = "durable/windows.rs")]
#[cfg_attr(not(windows), path = "durable/unix.rs")]
mod system;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub use self::system::rename;
pub(crate) use self::system::sync_folder;

/// Replaces a file as a whole: a reader, and the next start after a crash, sees
/// either the old content or the new one. Temporary file, fsync, rename, fsync of the folder.
///
/// One writer at a time per path.
///
/// # Errors
/// Those of the file system; the old file is then untouched.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = temporary_name(path);
    let written = File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .and_then(|()| rename(&temporary, path));
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    path.parent().map_or(Ok(()), sync_folder)
}

fn temporary_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        replace_file(&path, b"a longer first content").unwrap();
        replace_file(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        // A folder of that name that is not empty cannot be renamed over.
        fs::create_dir_all(path.join("child")).unwrap();
        replace_file(&path, b"content").unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
