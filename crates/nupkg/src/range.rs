//! Version ranges in NuGet's interval notation.

use crate::id::shorten;
use crate::version::NuGetVersion;
use std::fmt;
use std::str::FromStr;

/// A range of versions: `1.0` (that or newer), `[1.0]` (exactly), `[1.0,2.0)`, `(,2.0]`, `(1.0,)`.
///
/// Prereleases are inside by order alone, as for NuGet: `[1.0,2.0)` holds `2.0-beta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct VersionRange {
    min: Option<Bound>,
    max: Option<Bound>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Bound {
    version: NuGetVersion,
    inclusive: bool,
}

impl VersionRange {
    /// Every version.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// `version` or newer.
    #[must_use]
    pub fn at_least(version: NuGetVersion) -> Self {
        Self {
            min: Some(Bound {
                version,
                inclusive: true,
            }),
            max: None,
        }
    }

    /// Reads the interval notation. Floating versions (`1.*`) are not ranges.
    ///
    /// # Errors
    /// Names the text and the rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        parse(text.trim()).map_err(|rule| RangeError {
            text: shorten(text),
            rule,
        })
    }

    /// Whether the range has no bound at all.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }

    /// Whether `version` lies inside.
    #[must_use]
    pub fn contains(&self, version: &NuGetVersion) -> bool {
        let above =
            |min: &Bound| version > &min.version || min.inclusive && version == &min.version;
        let below =
            |max: &Bound| version < &max.version || max.inclusive && version == &max.version;
        self.min.as_ref().is_none_or(above) && self.max.as_ref().is_none_or(below)
    }
}

fn parse(text: &str) -> Result<VersionRange, String> {
    let version = |text: &str| NuGetVersion::parse(text).map_err(|e| e.to_string());
    let Some((min_inclusive, inner)) = strip_open(text) else {
        return version(text).map(VersionRange::at_least);
    };
    let Some((inner, max_inclusive)) = strip_close(inner) else {
        return Err("an interval ends with `]` or `)`".to_owned());
    };
    let bound = |text: &str, inclusive| {
        if text.trim().is_empty() {
            return Ok(None);
        }
        version(text).map(|version| Some(Bound { version, inclusive }))
    };
    let Some((min, max)) = inner.split_once(',') else {
        if !(min_inclusive && max_inclusive) {
            return Err("a single version is written `[1.0]`".to_owned());
        }
        let exact = bound(inner, true)?;
        if exact.is_none() {
            return Err("the brackets are empty".to_owned());
        }
        return Ok(VersionRange {
            min: exact.clone(),
            max: exact,
        });
    };
    let range = VersionRange {
        min: bound(min, min_inclusive)?,
        max: bound(max, max_inclusive)?,
    };
    match (&range.min, &range.max) {
        (None, None) => {
            Err("it has no bound; leave the range out to allow every version".to_owned())
        }
        (Some(min), Some(max)) if min.version > max.version => {
            Err("the lower bound is above the upper one".to_owned())
        }
        (Some(min), Some(max))
            if min.version == max.version && !(min.inclusive && max.inclusive) =>
        {
            Err("no version lies between its bounds".to_owned())
        }
        _ => Ok(range),
    }
}

fn strip_open(text: &str) -> Option<(bool, &str)> {
    let exclusive = || Some((false, text.strip_prefix('(')?));
    text.strip_prefix('[')
        .map(|rest| (true, rest))
        .or_else(exclusive)
}

fn strip_close(text: &str) -> Option<(&str, bool)> {
    let exclusive = || Some((text.strip_suffix(')')?, false));
    text.strip_suffix(']')
        .map(|rest| (rest, true))
        .or_else(exclusive)
}

/// Why a text is no version range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version range: {rule}")]
pub struct RangeError {
    text: String,
    rule: String,
}

impl FromStr for VersionRange {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Writes the notation that [`VersionRange::parse`] reads; [`VersionRange::any`] is empty.
impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (&self.min, &self.max) {
            (None, None) => String::new(),
            (Some(min), None) if min.inclusive => min.version.to_string(),
            (Some(min), Some(max)) if min == max => format!("[{}]", min.version),
            (min, max) => {
                let open = min.as_ref().is_some_and(|bound| bound.inclusive);
                let close = max.as_ref().is_some_and(|bound| bound.inclusive);
                let version = |bound: &Option<Bound>| {
                    bound
                        .as_ref()
                        .map_or(String::new(), |bound| bound.version.to_string())
                };
                format!(
                    "{}{}, {}{}",
                    if open { '[' } else { '(' },
                    version(min),
                    version(max),
                    if close { ']' } else { ')' }
                )
            }
        };
        f.pad(&text)
    }
}
