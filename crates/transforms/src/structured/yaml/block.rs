//! New values of literal (`|`) and folded (`>`) scalars.

use super::Place;
use super::scalar::{is_printable, quoted, reads_as};
use super::tree::{Block, Style};
use crate::edit::Edits;

/// Puts a value into the place of a block scalar: in its style; as literal if it can't be folded;
/// in quotes if it can't be a block.
pub(super) fn replace(edits: &mut Edits, place: Place<'_>, old: &Block, value: &str) {
    let folded = old.folded.then(|| Written::new(place, old, value, true));
    let written = folded
        .flatten()
        .or_else(|| Written::new(place, old, value, false));
    let Some(written) = written else {
        edits.replace(old.head.clone(), quoted(value));
        edits.replace(old.content.clone(), "");
        return;
    };
    edits.replace(old.head.clone(), written.head);
    let mut content = String::new();
    for line in &written.lines {
        content.push_str(place.line_ending);
        if !line.is_empty() {
            content.push_str(&" ".repeat(written.indent));
            content.push_str(line);
        }
    }
    let after = place.text.get(old.content.end..).unwrap_or_default();
    let blank = blank_lines(after);
    if blank == 0 && !after.starts_with(['\r', '\n']) && value.ends_with('\n') {
        content.push_str(place.line_ending);
    }
    // Blank lines stay, unless they were or would become part of the value.
    let head = place.text.get(old.head.clone()).unwrap_or_default();
    let blank_text = after.get(..blank).unwrap_or_default();
    let is_content = head.contains('+')
        || value.ends_with("\n\n")
        || blank_text
            .lines()
            .any(|line| line.len() > written.indent || line.contains('\t'));
    let end = old.content.end + if is_content { blank } else { 0 };
    edits.replace(old.content.start..end, content);
}

struct Written {
    head: String,
    indent: usize,
    lines: Vec<String>,
}

impl Written {
    /// `None` if the value would not be read back.
    fn new(place: Place<'_>, old: &Block, value: &str, folded: bool) -> Option<Self> {
        let indent = old.indent.unwrap_or(place.column + 2);
        let relative = indent.checked_sub(place.column).filter(|by| *by > 0)?;
        let body = value.trim_end_matches('\n');
        let breaks = value.len() - body.len();
        if body.is_empty() || !value.chars().all(|c| is_printable(c) || c == '\n') {
            return None;
        }
        let old_head = place.text.get(old.head.clone()).unwrap_or_default();
        let first = body.trim_start_matches('\n');
        // Readers don't agree about white space where the indentation is to be found out.
        let is_blank = first
            .split('\n')
            .next()
            .is_none_or(|line| line.trim().is_empty());
        if is_blank || first.starts_with('\t') {
            return None;
        }
        let explicit = first.starts_with(' ') || old_head.contains(|c: char| c.is_ascii_digit());
        let head = format!(
            "{}{}{}",
            if folded { '>' } else { '|' },
            match explicit {
                true => relative.to_string(),
                false => String::new(),
            },
            match breaks {
                0 => "-",
                1 => "",
                _ => "+",
            }
        );
        let mut lines: Vec<String> = match folded {
            true => unfold(body),
            false => body.split('\n').map(str::to_owned).collect(),
        };
        let document = |lines: &[String]| {
            let margin = " ".repeat(relative);
            let lines = lines.iter().map(|line| match line.is_empty() {
                true => "\n".to_owned(),
                false => format!("\n{margin}{line}"),
            });
            format!("k: {head}{}\n", lines.collect::<String>())
        };
        lines.extend((1..breaks).map(|_| String::new()));
        let style = Style::Block(old.clone());
        reads_as(&document(&lines), value, &style).then_some(Self {
            head,
            indent,
            lines,
        })
    }
}

/// A line break after text that is to be kept takes one more.
fn unfold(body: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut after_text = false;
    for line in body.split('\n') {
        if after_text {
            lines.push(String::new());
        }
        after_text = !line.is_empty();
        lines.push(line.to_owned());
    }
    lines
}

/// Bytes of the blank lines that a text begins with, up to the last line break among them.
fn blank_lines(text: &str) -> usize {
    let blank = text.trim_start_matches([' ', '\t', '\r', '\n']);
    let blank = text.get(..text.len() - blank.len()).unwrap_or_default();
    let last = blank.rfind(['\r', '\n']).unwrap_or_default();
    match blank.get(..=last) {
        Some(lines) if lines.ends_with("\r\n") => last - 1,
        _ => last,
    }
}
