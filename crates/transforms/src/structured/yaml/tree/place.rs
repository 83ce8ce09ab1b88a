//! Places that the parser's marks leave open.

use super::{Block, skip};

/// Head and content of a block scalar: the head comes first after `from`, the content ends
/// before `end`.
pub(super) fn block(text: &str, from: usize, end: usize, value: &str) -> Block {
    let head = skip(text, from, &[':', '-', '?']);
    let rest = text.get(head..).unwrap_or_default();
    let indicators = rest.get(1..).unwrap_or_default();
    let tail = indicators.trim_start_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
    let head = head..head + rest.len() - tail.len();
    let line_end = head.end + tail.find(['\r', '\n']).unwrap_or(tail.len());
    let mut content = line_end..line_end;
    let mut indent = None;
    // A value of line breaks alone has no line with characters.
    if !value.trim_matches('\n').is_empty() {
        let inside = text.get(line_end..end).unwrap_or_default();
        content.end += inside.trim_end_matches([' ', '\t', '\r', '\n']).len();
        indent = Some(content_indent(inside, value));
    }
    Block {
        folded: rest.starts_with('>'),
        head,
        content,
        indent,
    }
}

/// Spaces before the first line with characters that don't belong to the value.
fn content_indent(inside: &str, value: &str) -> usize {
    let own = value.trim_start_matches('\n');
    let own = own.len() - own.trim_start_matches(' ').len();
    let line = inside
        .split(['\r', '\n'])
        .find(|line| !line.trim_matches([' ', '\t']).is_empty());
    let line = line.unwrap_or_default();
    let all = line.len() - line.trim_start_matches(' ').len();
    all.saturating_sub(own)
}

/// After the colon that follows a key, if there is one.
pub(super) fn after_colon(text: &str, key_end: usize, flow: bool) -> Option<usize> {
    let at = skip(text, key_end, &[]);
    let after = text.get(at..)?.strip_prefix(':')?;
    let separates = after.is_empty() || after.starts_with([' ', '\t', '\r', '\n']);
    (flow || separates).then_some(at + 1)
}

/// After the next dash.
pub(super) fn after_dash(text: &str, from: usize) -> Option<usize> {
    let at = skip(text, from, &[]);
    text.get(at..)?.starts_with('-').then_some(at + 1)
}

/// The dash that a sequence begins with, after its key, tag or anchor.
pub(super) fn first_dash(text: &str, from: usize) -> Option<usize> {
    let at = skip(text, from, &[':']);
    text.get(at..)?.starts_with('-').then_some(at)
}
