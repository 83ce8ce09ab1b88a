//! Variables in Java .properties files, by byte ranges: comments, separators and layout stay.

use std::ops::Range;

use variables::{VariableSet, escape};

use super::is_path;
use crate::edit::{Edits, position};
use crate::{Outcome, TransformError, value_of};

/// Replaces the value of each key that a variable of the same name exists for, without case.
/// A key without separator gets `:`. New values are written in ASCII with Java's escapes.
///
/// # Errors
/// A broken `\u` escape, or a variable that can't be evaluated.
pub fn properties_variables(
    text: &str,
    variables: &VariableSet,
) -> Result<Outcome, TransformError> {
    let mut edits = Edits::default();
    let mut replaced = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let entry = Entry::read(text, at);
        at = entry.next;
        let Some((key, value)) = entry.parts else {
            continue;
        };
        let name = unescape(text, &key)?;
        let old = unescape(text, &value)?;
        if !is_path(&name) {
            continue;
        }
        let Some(new) = value_of(variables, &name)? else {
            continue;
        };
        replaced.push(name);
        if new != old {
            let between = text.get(key.end..value.start).unwrap_or_default();
            let separator = match new.starts_with([':', '=']) {
                _ if between.is_empty() => ":",
                // After white space alone it would be the separator.
                true if !between.contains([':', '=']) => "\\",
                _ => "",
            };
            // A backslash at the end of the file escapes nothing, but would escape the separator.
            let written = text.get(key).unwrap_or_default();
            let backslashes = written.len() - written.trim_end_matches('\\').len();
            let start = value.start - backslashes % 2 * usize::from(between.is_empty());
            edits.replace(
                start..value.end,
                format!("{separator}{}", escape::properties_value(&new)),
            );
        }
    }
    Ok(Outcome {
        text: edits.apply(text),
        replaced,
    })
}

/// A logical line: with those that continue it.
struct Entry {
    /// Key and value, escapes and continuations included. `None` for a comment or blank line.
    parts: Option<(Range<usize>, Range<usize>)>,
    /// Where the next entry begins.
    next: usize,
}

impl Entry {
    fn read(text: &str, start: usize) -> Self {
        let mut cursor = Cursor { text, at: start };
        cursor.skip_blanks();
        if cursor.at_line_end() || matches!(cursor.peek(), Some('#' | '!')) {
            // No continuation here: a comment may end in a backslash.
            let rest = cursor.rest();
            cursor.at += rest.find(['\r', '\n']).unwrap_or(rest.len());
            return Self {
                parts: None,
                next: cursor.after_line_end(),
            };
        }
        let key = cursor.at;
        while !cursor.at_line_end()
            && !matches!(cursor.peek(), Some('=' | ':' | ' ' | '\t' | '\u{c}'))
        {
            cursor.step();
        }
        let key = key..cursor.at;
        cursor.skip_blanks();
        if matches!(cursor.peek(), Some('=' | ':')) {
            cursor.step();
            cursor.skip_blanks();
        }
        let value = cursor.at;
        while !cursor.at_line_end() {
            cursor.step();
        }
        Self {
            parts: Some((key, value..cursor.at)),
            next: cursor.after_line_end(),
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn at_line_end(&self) -> bool {
        matches!(self.peek(), None | Some('\r' | '\n'))
    }

    fn after_line_end(&self) -> usize {
        self.at + line_break(self.rest())
    }

    /// Steps over one character, or a backslash and what it escapes: a line break goes
    /// together with the white space after it.
    fn step(&mut self) {
        let mut characters = self.rest().chars();
        let first = characters.next();
        self.at += first.map_or(0, char::len_utf8);
        if first == Some('\\') {
            match line_break(self.rest()) {
                0 => self.at += characters.next().map_or(0, char::len_utf8),
                ending => {
                    self.at += ending;
                    self.skip_blanks();
                }
            }
        }
    }

    /// Steps over white space, and over line breaks that are continued.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let after = rest.trim_start_matches([' ', '\t', '\u{c}']);
            self.at += rest.len() - after.len();
            match after.strip_prefix('\\').map(line_break) {
                Some(ending) if ending > 0 => self.at += 1 + ending,
                _ => return,
            }
        }
    }
}

/// Bytes of the line break that a text starts with.
fn line_break(text: &str) -> usize {
    if text.starts_with("\r\n") {
        2
    } else {
        usize::from(text.starts_with(['\r', '\n']))
    }
}

/// The text of a key or value, without escapes and continuations.
fn unescape(text: &str, range: &Range<usize>) -> Result<String, TransformError> {
    let source = text.get(range.clone()).unwrap_or_default();
    let mut units: Vec<u16> = Vec::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('\\') {
        units.extend(before.encode_utf16());
        let Some(c) = after.chars().next() else {
            rest = "";
            break;
        };
        rest = after.get(c.len_utf8()..).unwrap_or_default();
        let plain = match c {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => {
                let (digits, more) = rest.split_at_checked(4).unwrap_or(("", ""));
                let valid = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let unit = u16::from_str_radix(digits, 16).ok().filter(|_| valid);
                let Some(unit) = unit else {
                    let (line, column) = position(text, range.end - after.len());
                    return Err(TransformError::Syntax {
                        format: "properties",
                        line,
                        column,
                        message: "expected four digits after `\\u`".to_owned(),
                    });
                };
                units.push(unit);
                rest = more;
                continue;
            }
            '\r' | '\n' => {
                rest = after.get(line_break(after)..).unwrap_or_default();
                rest = rest.trim_start_matches([' ', '\t', '\u{c}']);
                continue;
            }
            c => c,
        };
        units.extend(plain.encode_utf16(&mut [0; 2]).iter());
    }
    units.extend(rest.encode_utf16());
    Ok(String::from_utf16_lossy(&units))
}
