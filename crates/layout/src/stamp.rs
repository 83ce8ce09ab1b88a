//! The stamp of an install: which order put a version folder there.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use crate::again::look;

/// Names one install of a version: the ticket of the server's order, or `bundle`.
///
/// A version folder whose stamp is not the one in the ledger is a new install, and
/// goes on trial again. That is all it takes to order a new trial of a bad version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp(String);

/// The file in a version folder that holds its stamp. Written before the folder is published.
pub(crate) const STAMP_FILE: &str = ".stamp";
const LONGEST: usize = 100;

impl Stamp {
    /// The stamp of what the installer's bundle put there.
    pub fn bundle() -> Stamp {
        Stamp("bundle".to_owned())
    }

    /// The stamp of a version folder, `unknown` when it has none that can be read
    /// (a folder copied there by hand).
    pub fn of_folder(folder: &Path) -> Stamp {
        let path = folder.join(STAMP_FILE);
        look(|| fs::read_to_string(&path))
            .ok()
            .and_then(|text| text.trim_end().parse().ok())
            .unwrap_or_else(|| Stamp("unknown".to_owned()))
    }

    /// The stamp as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be a stamp.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a ticket: use 1 to 100 letters, digits, dashes, dots and underscores")]
pub struct InvalidStamp(String);

impl FromStr for Stamp {
    type Err = InvalidStamp;

    fn from_str(text: &str) -> Result<Stamp, InvalidStamp> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(allowed) {
            return Err(InvalidStamp(text.chars().take(LONGEST).collect()));
        }
        Ok(Stamp(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_plain_word_is_a_stamp() {
        let longest = "t".repeat(LONGEST);
        let too_long = "t".repeat(LONGEST + 1);
        for (text, valid) in [
            ("bundle", true),
            ("ServerTasks-12.a_b", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("two words", false),
            ("line\nbreak", false),
            ("ä", false),
        ] {
            assert_eq!(text.parse::<Stamp>().is_ok(), valid, "{text:?}");
        }
    }

    #[test]
    fn a_folder_without_a_readable_stamp_is_unknown() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Stamp::of_folder(folder.path()).as_str(), "unknown");
        fs::write(folder.path().join(STAMP_FILE), "two words").unwrap();
        assert_eq!(Stamp::of_folder(folder.path()).as_str(), "unknown");
        fs::write(folder.path().join(STAMP_FILE), "ticket-1\n").unwrap();
        assert_eq!(Stamp::of_folder(folder.path()).as_str(), "ticket-1");
    }
}
