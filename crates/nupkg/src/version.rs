//! NuGet versions: one to four numbers, a SemVer 2 prerelease and metadata.

mod label;

use self::label::Labels;
use crate::id::shorten;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The greatest number that NuGet clients can read in a version.
const MAX_NUMBER: u32 = i32::MAX as u32;

/// A package version such as `1.10.0-rc.2+build.7`.
///
/// Ordered by SemVer 2 precedence with NuGet's fourth number, so `1.10.0` is
/// newer than `1.9.0`. Labels are compared without case, and metadata counts
/// neither for order nor for equality. [`Display`](fmt::Display) writes the
/// normalised form: three numbers, a fourth only when it is not 0, no leading
/// zeros, no metadata.
#[derive(Clone, Debug)]
pub struct NuGetVersion {
    numbers: [u32; 4],
    prerelease: Labels,
    metadata: Option<String>,
    original: String,
}

impl NuGetVersion {
    /// A version of three numbers, each at most 2147483647.
    ///
    /// # Errors
    /// When a number is greater than that.
    pub fn new(major: u32, minor: u32, patch: u32) -> Result<Self, VersionError> {
        Self::parse(&format!("{major}.{minor}.{patch}"))
    }

    /// Reads a version; white space around it is ignored.
    ///
    /// # Errors
    /// Names the text and the rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let error = |rule| VersionError {
            text: shorten(text),
            rule,
        };
        let original = text.trim();
        let (rest, metadata) = match original.split_once('+') {
            Some((rest, metadata)) => {
                label::check(metadata)
                    .map_err(|_| error("what follows `+` must be letters, digits and `-`, in parts joined by single dots"))?;
                (rest, Some(metadata.to_owned()))
            }
            None => (original, None),
        };
        let (numbers, prerelease) = match rest.split_once('-') {
            Some((numbers, labels)) => {
                let labels = Labels::parse(labels)
                    .map_err(|_| error("what follows `-` must be letters, digits and `-`, in parts joined by single dots"))?;
                (numbers, labels)
            }
            None => (rest, Labels::default()),
        };
        Ok(Self {
            numbers: parse_numbers(numbers).map_err(error)?,
            prerelease,
            metadata,
            original: original.to_owned(),
        })
    }

    /// The text that was parsed, without white space around it.
    #[must_use]
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The normalised form, with the metadata.
    #[must_use]
    pub fn to_full(&self) -> String {
        match &self.metadata {
            Some(metadata) => format!("{self}+{metadata}"),
            None => self.to_string(),
        }
    }

    /// Whether the version has a prerelease label, such as `-beta.1`.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// The prerelease label without the dash; empty for a release.
    #[must_use]
    pub fn prerelease(&self) -> &str {
        self.prerelease.as_str()
    }

    /// The build metadata without the plus sign.
    #[must_use]
    pub fn metadata(&self) -> Option<&str> {
        self.metadata.as_deref()
    }

    /// Major, minor, patch and revision; what was not given is 0.
    #[must_use]
    pub fn numbers(&self) -> [u32; 4] {
        self.numbers
    }
}

fn parse_numbers(text: &str) -> Result<[u32; 4], &'static str> {
    let mut numbers = [0; 4];
    let mut slots = numbers.iter_mut();
    for part in text.split('.') {
        let Some(slot) = slots.next() else {
            return Err("at most four numbers are allowed");
        };
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err("it must begin with one to four numbers, joined by single dots");
        }
        *slot = part
            .parse()
            .ok()
            .filter(|number| *number <= MAX_NUMBER)
            .ok_or("a number is greater than 2147483647")?;
    }
    Ok(numbers)
}

/// Why a text is no NuGet version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version: {rule}")]
pub struct VersionError {
    text: String,
    rule: &'static str,
}

impl FromStr for NuGetVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for NuGetVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch, revision] = self.numbers;
        let mut text = format!("{major}.{minor}.{patch}");
        if revision != 0 {
            text.push_str(&format!(".{revision}"));
        }
        if self.is_prerelease() {
            text.push('-');
            text.push_str(self.prerelease());
        }
        f.pad(&text)
    }
}

impl PartialEq for NuGetVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for NuGetVersion {}

impl PartialOrd for NuGetVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NuGetVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

impl Hash for NuGetVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers.hash(state);
        self.prerelease.hash(state);
    }
}
