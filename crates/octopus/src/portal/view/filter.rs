//! Counts that double as filters.

use crate::portal::format::{grouped, plural};

/// One entry above a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    /// Where a click leads.
    pub(crate) href: String,
    /// `412`
    pub(crate) number: String,
    /// `machines`
    pub(crate) word: String,
    /// This is what the list shows.
    pub(crate) current: bool,
    /// Nothing there: shown, but quiet.
    pub(crate) none: bool,
}

impl Count {
    /// `word` stays as it is, whatever the number.
    pub(crate) fn new(path: &str, key: &str, number: usize, word: &str, current: bool) -> Self {
        let href = if key.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?filter={key}")
        };
        Self {
            href,
            number: grouped(number as u64),
            word: word.to_owned(),
            current,
            none: number == 0,
        }
    }

    /// The entry for the whole list; `noun` in the singular.
    pub(crate) fn all(path: &str, number: usize, noun: &str, current: bool) -> Self {
        let word = plural(number, noun)
            .split_once(' ')
            .map(|(_, word)| word.to_owned());
        Self {
            word: word.unwrap_or_default(),
            ..Self::new(path, "", number, "", current)
        }
    }
}
