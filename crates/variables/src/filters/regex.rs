//! Regular expressions as .NET has them: with look-around and back-references.
//! Patterns that take too long have no result.

use fancy_regex::{Captures, Regex, RegexBuilder};

pub(super) fn is_match(input: &str, pattern: &str) -> Option<String> {
    let found = compile(pattern)?.is_match(input).ok()?;
    Some(found.to_string())
}

pub(super) fn replace(input: &str, pattern: &str, with: &str) -> Option<String> {
    let regex = compile(pattern)?;
    let mut out = String::with_capacity(input.len());
    let mut done = 0;
    for captures in regex.captures_iter(input) {
        let captures = captures.ok()?;
        let found = captures.get(0)?;
        out.push_str(input.get(done..found.start())?);
        expand(&mut out, with, input, &captures);
        done = found.end();
        // Many long replacements would fill the memory; the caller refuses such a text.
        if out.len() > crate::evaluate::MAX_BYTES {
            return Some(out);
        }
    }
    out.push_str(input.get(done..)?);
    Some(out)
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .backtrack_limit(100_000)
        .delegate_size_limit(1 << 20)
        .build()
        .ok()
}

/// Writes a replacement: `$1`, `${1}`, `${name}`, `$&`, `` $` ``, `$'`, `$_` and `$$`.
/// A `$` that means nothing, or a group that is not there, stays as it is.
fn expand(out: &mut String, with: &str, input: &str, captures: &Captures<str>) {
    let Some(found) = captures.get(0) else {
        return;
    };
    let mut rest = with;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        let (text, after) = match after.chars().next() {
            Some('$') => (Some("$"), after.get(1..)),
            Some('&') => (Some(found.as_str()), after.get(1..)),
            Some('`') => (input.get(..found.start()), after.get(1..)),
            Some('\'') => (input.get(found.end()..), after.get(1..)),
            Some('_') => (Some(input), after.get(1..)),
            Some('{') => match after.get(1..).and_then(|inner| inner.split_once('}')) {
                Some((name, after)) => (group(captures, name), Some(after)),
                None => (None, None),
            },
            Some('0'..='9') => {
                let end = after.find(|c: char| !c.is_ascii_digit());
                let (number, after) = after.split_at(end.unwrap_or(after.len()));
                (group(captures, number), Some(after))
            }
            _ => (None, None),
        };
        match (text, after) {
            (Some(text), Some(after)) => {
                out.push_str(text);
                rest = after;
            }
            _ => out.push('$'),
        }
    }
    out.push_str(rest);
}

/// The text of a group, empty if it took no part; `None` if the pattern has no such group.
fn group<'t>(captures: &Captures<'t, str>, name: &str) -> Option<&'t str> {
    let found = match name.parse::<usize>() {
        Ok(number) if number < captures.len() => captures.get(number),
        Ok(_) => return None,
        Err(_) => Some(captures.name(name)?),
    };
    Some(found.map_or("", |found| found.as_str()))
}
