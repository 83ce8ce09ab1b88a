//! Filters on characters: case, parts, indent. Positions count characters.

/// Each character by itself, as .NET does: a character that would become several stays.
pub(super) fn upper(input: &str) -> String {
    input.chars().map(|c| single(c, c.to_uppercase())).collect()
}

/// As [`upper`].
pub(super) fn lower(input: &str) -> String {
    input.chars().map(|c| single(c, c.to_lowercase())).collect()
}

fn single(c: char, mut changed: impl Iterator<Item = char>) -> char {
    match (changed.next(), changed.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Cut at the end of the text; nothing if it starts past the end.
pub(super) fn substring(input: &str, start: &str, length: &str) -> Option<String> {
    let start: usize = start.parse().ok()?;
    let length: usize = length.parse().ok()?;
    if start > input.chars().count() {
        return None;
    }
    Some(input.chars().skip(start).take(length).collect())
}

/// A text that is too long loses its end and gets a suffix, which is not counted.
pub(super) fn truncate(input: &str, length: &str, suffix: &str) -> Option<String> {
    let length: usize = length.parse().ok()?;
    let Some((end, _)) = input.char_indices().nth(length) else {
        return Some(input.to_owned());
    };
    Some(format!("{}{suffix}", input.get(..end)?))
}

/// What goes before the first and before the other lines: four spaces, `n` spaces,
/// `n/m` spaces, a text, or two texts.
pub(super) fn indent(input: &str, arguments: &[&str]) -> Option<String> {
    let (first, rest) = match arguments {
        [] => (spaces("4")?, spaces("4")?),
        [one] => match (spaces(one), one.split_once('/')) {
            (Some(spaces), _) => (spaces.clone(), spaces),
            (None, Some((first, rest))) if is_count(first) && is_count(rest) => (
                spaces(first).unwrap_or_default(),
                spaces(rest).unwrap_or_default(),
            ),
            _ => ((*one).to_owned(), (*one).to_owned()),
        },
        [first, rest] => ((*first).to_owned(), (*rest).to_owned()),
        _ => return None,
    };
    Some(first + &input.replace('\n', &format!("\n{rest}")))
}

/// A side of `n/m`; one of the sides may be left out.
fn is_count(text: &str) -> bool {
    text.is_empty() || spaces(text).is_some()
}

/// At most 255 spaces.
fn spaces(count: &str) -> Option<String> {
    let count: u8 = count.parse().ok()?;
    Some(" ".repeat(count.into()))
}
