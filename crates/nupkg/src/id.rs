//! Package ids: what NuGet allows, compared as NuGet compares.

use crate::device::is_device_name;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The longest id that NuGet accepts, in characters.
const MAX_CHARS: usize = 100;

/// A package id such as `Acme.Web`.
///
/// Letters, digits and `_`, in parts joined by single dots or dashes, at most
/// 100 characters (the rule of NuGet's `PackageIdValidator`). Keeps the spelling
/// it was given; two ids that differ only by case are equal.
#[derive(Clone, Debug)]
pub struct PackageId(String);

impl PackageId {
    /// Checks `text` and takes it as an id.
    ///
    /// # Errors
    /// When a rule of NuGet is broken, or when Windows could not store a file of that name.
    pub fn parse(text: &str) -> Result<Self, PackageIdError> {
        let error = |rule| PackageIdError {
            text: shorten(text),
            rule,
        };
        if text.is_empty() {
            return Err(error("it is empty"));
        }
        if text.chars().count() > MAX_CHARS {
            return Err(error("it is longer than 100 characters"));
        }
        let is_separator = |c| c == '.' || c == '-';
        if !text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || is_separator(c))
        {
            return Err(error("only letters, digits, `_`, `.` and `-` are allowed"));
        }
        if text.split(is_separator).any(str::is_empty) {
            return Err(error(
                "a dot or dash must stand between two letters, digits or `_`",
            ));
        }
        if is_device_name(text) {
            return Err(error("Windows keeps this name for a device"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id in lower case: a name for files, folders and addresses that is the
    /// same for equal ids and safe on every system.
    #[must_use]
    pub fn file_stem(&self) -> String {
        self.0.to_lowercase()
    }

    fn folded(&self) -> impl Iterator<Item = char> + '_ {
        self.0.chars().flat_map(char::to_lowercase)
    }
}

/// Why a text is no package id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a package id: {rule}")]
pub struct PackageIdError {
    text: String,
    rule: &'static str,
}

/// The beginning of a text that is shown in an error.
pub(crate) fn shorten(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

impl FromStr for PackageId {
    type Err = PackageIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialEq for PackageId {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for PackageId {}

impl PartialOrd for PackageId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PackageId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for PackageId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|c| c.hash(state));
        state.write_u8(0xff);
    }
}
