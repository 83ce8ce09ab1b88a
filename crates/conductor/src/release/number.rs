//! The number of a new release, from the project's template and the last release.

use nupkg::NuGetVersion;

/// Why a template gives no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// What it gives is no version.
    #[error(
        "the versioning template gives `{0}`, which is no version; give the release a number, or change the template"
    )]
    NoVersion(String),
}

/// Which of the four numbers a variable names.
const PLACES: [&str; 4] = ["Major", "Minor", "Patch", "Build"];

/// The next number. In the template `i` is one more than the last release has there and `c` is
/// what it has; `#{Octopus.Version.LastMajor}` and `NextMajor` and the like say the same.
pub fn next(template: &str, last: Option<&NuGetVersion>) -> Result<String, NumberError> {
    let numbers = last.map_or([0, 0, 0, 0], NuGetVersion::numbers);
    let mut text = template.to_owned();
    for (place, number) in PLACES.iter().zip(numbers) {
        let more = number.saturating_add(1).to_string();
        text = text.replace(
            &format!("#{{Octopus.Version.Last{place}}}"),
            &number.to_string(),
        );
        text = text.replace(&format!("#{{Octopus.Version.Next{place}}}"), &more);
    }
    let (core, rest) = match text.find(['-', '+']) {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let parts = core
        .split('.')
        .zip(numbers)
        .map(|(part, number)| match part {
            "i" => number.saturating_add(1).to_string(),
            "c" => number.to_string(),
            other => other.to_owned(),
        });
    let parts: Vec<String> = parts.collect();
    let number = format!("{}{rest}", parts.join("."));
    match number.parse::<NuGetVersion>() {
        Ok(_) if core.split('.').count() <= PLACES.len() => Ok(number),
        _ => Err(NumberError::NoVersion(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_count_on() {
        let usual = "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}";
        for (template, last, expected) in [
            (usual, "", "0.0.1"),
            (usual, "1.2.3", "1.2.4"),
            ("1.0.i", "", "1.0.1"),
            ("1.0.i", "1.0.9", "1.0.10"),
            ("c.c.i", "3.4.5-beta", "3.4.6"),
            ("c.i.0-beta", "3.4.5", "3.5.0-beta"),
            ("2.0.0", "1.0.0", "2.0.0"),
            ("1.0.0.i", "1.0.0.4", "1.0.0.5"),
        ] {
            let last: Option<NuGetVersion> = last.parse().ok();
            assert_eq!(
                next(template, last.as_ref()).as_deref(),
                Ok(expected),
                "{template}"
            );
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for template in ["", "x.y", "1.2.3.4.5", "#{Other}", "-"] {
            assert!(next(template, None).is_err(), "{template}");
        }
    }
}
