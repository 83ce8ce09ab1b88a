//! What the journal says must be true after a loss of power, too.

use std::io;
use std::path::Path;

use layout::install::Writes;

/// On Linux, one flush at the end covers all that was unpacked, configured and copied,
/// and takes far less time than one for each file.
pub(super) const UNPACKING: Writes = if cfg!(target_os = "linux") {
    Writes::Cached
} else {
    Writes::Durable
};

/// Waits until all that was written to the file system of `folder` is on its disk.
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(std::fs::File::open(folder)?)?;
    #[cfg(not(target_os = "linux"))]
    let _ = folder;
    Ok(())
}
