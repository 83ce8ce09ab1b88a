//! Parts of versions as Octopus reads them: `v` before, any number may be missing,
//! and one of `.-_\` before the pre-release.

/// The parts, as they are written.
#[derive(Default)]
struct Version<'a> {
    numbers: [&'a str; 4],
    prerelease: &'a str,
    metadata: &'a str,
}

/// The part that the filter `version<part>` asks for; nothing if the text is no version.
pub(super) fn part(part: &str, input: &str) -> Option<String> {
    let version = parse(input.trim())?;
    let [major, minor, patch, revision] = version.numbers;
    let number = |digits: &str| match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    let (prefix, counter) = version
        .prerelease
        .split_once(SEPARATORS)
        .unwrap_or((version.prerelease, ""));
    Some(match part {
        "major" => number(major),
        "minor" => number(minor),
        "patch" => number(patch),
        "revision" => number(revision),
        "prerelease" => version.prerelease.to_owned(),
        "prereleaseprefix" => prefix.to_owned(),
        "prereleasecounter" => counter.to_owned(),
        "metadata" => version.metadata.to_owned(),
        _ => return None,
    })
}

const SEPARATORS: [char; 4] = ['.', '-', '_', '\\'];

fn parse(text: &str) -> Option<Version<'_>> {
    let mut version = Version::default();
    let (mut rest, metadata) = text.split_once('+').unwrap_or((text, ""));
    version.metadata = metadata;
    // A word that only begins with `v` is a pre-release.
    if let Some(after) = rest.strip_prefix(['v', 'V'])
        && after.starts_with(|c: char| c.is_ascii_digit())
    {
        rest = after;
    }
    for (at, number) in version.numbers.iter_mut().enumerate() {
        let next = match at {
            0 => rest,
            _ => match rest.strip_prefix('.') {
                Some(next) => next,
                None => break,
            },
        };
        let after = next.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = next.strip_suffix(after).unwrap_or(next);
        if digits.is_empty() {
            break;
        }
        *number = digits;
        rest = after;
    }
    version.prerelease = rest.strip_prefix(SEPARATORS).unwrap_or(rest);
    let allowed = |c: char| c.is_ascii_alphanumeric() || SEPARATORS.contains(&c);
    let valid =
        version.prerelease.chars().all(allowed) && metadata.chars().all(|c| allowed(c) || c == '+');
    valid.then_some(version)
}
