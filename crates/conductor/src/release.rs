//! Releases: their numbers, the versions that a channel lets in, and where a lifecycle
//! lets them go.

mod number;
mod progress;

pub use number::{NumberError, next};
pub use progress::{Blocked, Phase, automatic, is_held_back, may_go_to, open_environments, shown};

use nupkg::{NuGetVersion, VersionRange};
use regex::{Regex, RegexBuilder};

/// Largest compiled pattern, in bytes: a rule can't eat the server's memory.
const PATTERN_LIMIT: usize = 1 << 20;

/// Why a channel does not let a version in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The range is none.
    #[error("`{0}` is no range of versions; write it as in [1.0,2.0)")]
    Range(String),
    /// The pattern is none.
    #[error("`{0}` is no regular expression that can be used")]
    Pattern(String),
    /// The version is outside.
    #[error("version {version} is not in the range {range}")]
    OutOfRange {
        /// The version.
        version: String,
        /// The rule's range.
        range: String,
    },
    /// The prerelease part is another.
    #[error("the prerelease part `{part}` of version {version} does not match {tag}")]
    OtherTag {
        /// The version.
        version: String,
        /// Its prerelease part.
        part: String,
        /// The rule's pattern.
        tag: String,
    },
}

/// Whether a pattern over prerelease parts can be used; an empty one stands for all.
pub fn check_tag(tag: &str) -> Result<(), RuleError> {
    pattern(tag).map(|_| ())
}

fn pattern(tag: &str) -> Result<Regex, RuleError> {
    let built = RegexBuilder::new(tag)
        .size_limit(PATTERN_LIMIT)
        .case_insensitive(true)
        .build();
    built.map_err(|_| RuleError::Pattern(tag.to_owned()))
}

/// Whether a channel's rule lets a version in. An empty range or pattern lets all in.
pub fn admit(version: &NuGetVersion, range: &str, tag: &str) -> Result<(), RuleError> {
    if !range.is_empty() {
        let wanted = VersionRange::parse(range).map_err(|_| RuleError::Range(range.to_owned()))?;
        if !wanted.contains(version) {
            return Err(RuleError::OutOfRange {
                version: version.to_string(),
                range: range.to_owned(),
            });
        }
    }
    if !tag.is_empty() && !pattern(tag)?.is_match(version.prerelease()) {
        return Err(RuleError::OtherTag {
            version: version.to_string(),
            part: version.prerelease().to_owned(),
            tag: tag.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_let_in_what_they_say() {
        for (version, range, tag, expected) in [
            ("1.2.0", "", "", ""),
            ("1.2.0", "[1.0,2.0)", "^$", ""),
            (
                "2.0.0",
                "[1.0,2.0)",
                "",
                "version 2.0.0 is not in the range [1.0,2.0)",
            ),
            ("1.2.0-beta.1", "", "^beta", ""),
            ("1.2.0-BETA", "", "^beta", ""),
            (
                "1.2.0",
                "",
                "^beta",
                "the prerelease part `` of version 1.2.0 does not match ^beta",
            ),
            (
                "1.2.0-rc",
                "",
                "^$",
                "the prerelease part `rc` of version 1.2.0-rc does not match ^$",
            ),
            (
                "1.0.0",
                "[2",
                "",
                "`[2` is no range of versions; write it as in [1.0,2.0)",
            ),
            (
                "1.0.0",
                "",
                "(",
                "`(` is no regular expression that can be used",
            ),
        ] {
            let version: NuGetVersion = version.parse().unwrap_or_else(|_| panic!("{version}"));
            let message = admit(&version, range, tag)
                .err()
                .map(|error| error.to_string());
            assert_eq!(
                message.unwrap_or_default(),
                expected,
                "{version} {range} {tag}"
            );
        }
    }

    #[test]
    fn a_huge_pattern_is_refused() {
        assert!(check_tag("(a{1000}){1000}").is_err());
    }
}
