//! What is wrong with a resource: every mistake, each with field, value and rule.

use crate::error::ApiError;

/// Mistakes that were found so far.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<String>);

impl Mistakes {
    /// One more.
    pub(crate) fn add(&mut self, mistake: impl Into<String>) {
        self.0.push(mistake.into());
    }

    /// A name takes 1 to 100 characters on one line.
    pub(crate) fn name(&mut self, field: &str, name: &str) {
        let length = name.trim().chars().count();
        if length == 0 || length > 100 || name.chars().any(char::is_control) {
            self.add(format!(
                "{field} `{}`: a name takes 1 to 100 characters on one line.",
                shown(name)
            ));
        }
    }

    /// Names that must differ from each other, without case.
    pub(crate) fn different<'a>(&mut self, field: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = std::collections::HashSet::new();
        for name in names {
            if !seen.insert(name.trim().to_lowercase()) {
                self.add(format!("{field} `{}`: it is there twice.", shown(name)));
            }
        }
    }

    /// Refuses the request when there are any.
    pub(crate) fn check(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ApiError::many(self.0))
    }
}

/// A value in a message: not endless.
pub(crate) fn shown(value: &str) -> String {
    const SHOWN: usize = 120;
    match value.char_indices().nth(SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
    }
}
