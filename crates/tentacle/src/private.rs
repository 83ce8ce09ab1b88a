//! Folders that other users of the machine must not read.

use std::io;
use std::path::Path;

/// Takes other users' rights to a folder and to what will be in it. The files that matter
/// have their own modes on Unix, so that nothing is done here.
///
/// # Errors
/// Those of the operating system.
#[cfg(unix)]
pub(crate) fn keep_private(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes other users' rights to a folder and to what will be in it: everybody may read what
/// stands in `ProgramData`, where installers put it.
///
/// # Errors
/// Those of the operating system, and what `icacls` answers.
#[cfg(not(unix))]
pub(crate) fn keep_private(folder: &Path) -> io::Result<()> {
    /// By their identifiers, since names differ with the language: the system,
    /// administrators, and the owner.
    const RIGHTS: [&str; 3] = [
        "*S-1-5-18:(OI)(CI)F",
        "*S-1-5-32-544:(OI)(CI)F",
        "*S-1-3-4:(OI)(CI)F",
    ];
    let output = std::process::Command::new("icacls")
        .arg(folder)
        .args(["/inheritance:r", "/grant:r"])
        .args(RIGHTS)
        .stdin(std::process::Stdio::null())
        .output()?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(io::Error::other(format!("icacls says: {}", said.trim())))
        }
    }
}
