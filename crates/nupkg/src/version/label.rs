//! Prerelease labels, and their precedence after SemVer 2, section 11.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The dotted labels of a prerelease; none for a release.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels(String);

/// The text has an empty part or a character that is not allowed.
pub(super) struct Malformed;

/// Whether `text` is dotted, non-empty parts of ASCII letters, digits and dashes.
pub(super) fn check(text: &str) -> Result<(), Malformed> {
    let well_formed = text.split('.').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    if well_formed { Ok(()) } else { Err(Malformed) }
}

impl Labels {
    /// Leading zeros in a numeric label are allowed, as NuGet allows them.
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        check(text).map(|()| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.0.split('.').map(Part::new)
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_empty(), other.is_empty()) {
            // A release comes after its prereleases.
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.parts().cmp(other.parts()),
        }
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Labels {}

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().for_each(|part| part.hash(state));
    }
}

/// One label. The variants are in the order of precedence: numbers before words;
/// of numbers without leading zeros the longer one is greater.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part<'a> {
    Number { digits: usize, value: &'a str },
    Word(String),
}

impl<'a> Part<'a> {
    fn new(text: &'a str) -> Self {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            let value = text.trim_start_matches('0');
            Self::Number {
                digits: value.len(),
                value,
            }
        } else {
            Self::Word(text.to_ascii_lowercase())
        }
    }
}
