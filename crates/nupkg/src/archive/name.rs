//! Names of entries: one relative path that means the same on every system.

use super::error::Refusal;
use crate::device::is_device_name;

/// A name as parts, and whether it says that it is a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Empty for the package's folder itself (`./`).
    pub(super) parts: Vec<&'a str>,
    pub(super) is_folder: bool,
}

/// Splits a name at `/` and, because old .NET packers wrote it, at `\`.
pub(super) fn split(name: &str) -> Result<Name<'_>, Refusal> {
    const SEPARATORS: [char; 2] = ['/', '\\'];
    if name.is_empty() {
        return Err(Refusal::Empty);
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::Control);
    }
    if name.starts_with(SEPARATORS) {
        return Err(Refusal::Absolute);
    }
    let stem = name.strip_suffix(SEPARATORS).unwrap_or(name);
    let mut parts = Vec::new();
    for part in stem.split(SEPARATORS).filter(|part| *part != ".") {
        check_part(part)?;
        parts.push(part);
    }
    Ok(Name {
        is_folder: stem.len() < name.len() || parts.is_empty(),
        parts,
    })
}

/// One part of a path, neither `.` nor a separator in it.
pub(super) fn check_part(part: &str) -> Result<(), Refusal> {
    if part.is_empty() {
        Err(Refusal::Empty)
    } else if part == ".." {
        Err(Refusal::Outside)
    } else if part.contains(':') {
        Err(Refusal::Colon)
    } else if part.ends_with(['.', ' ']) {
        Err(Refusal::Trailing)
    } else if is_device_name(part) {
        Err(Refusal::Device)
    } else {
        Ok(())
    }
}
