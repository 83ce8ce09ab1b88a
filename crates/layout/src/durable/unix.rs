//! Where a rename takes whatever is open along.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Renames a file or folder, over a file that is there. On Windows it waits a while for
/// others that have it open.
///
/// # Errors
/// Those of the file system.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
