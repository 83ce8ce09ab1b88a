//! Room on the disk.

use std::io;
use std::path::Path;

/// Bytes that this user may still write to the disk of `path`; `None` where that is not known.
///
/// # Errors
/// Those of the operating system, such as for a path that is not there.
#[cfg(unix)]
pub fn free_bytes(path: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

/// Bytes that this user may still write to the disk of `path`; `None` where that is not known.
///
/// # Errors
/// Those of the operating system, such as for a path that is not there.
#[cfg(not(unix))]
pub fn free_bytes(path: &Path) -> io::Result<Option<u64>> {
    fs4::available_space(path).map(Some)
}
