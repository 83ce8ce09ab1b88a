//! New values of scalars, in the style of the old ones where that can hold them.

use variables::escape;

use super::tree::{Kind, Node, Scalar, Style, column, parse};
use super::{Place, block};
use crate::edit::Edits;

/// Puts a value into the place of a scalar.
pub(super) fn replace(edits: &mut Edits, place: Place<'_>, node: &Node, old: &Scalar, value: &str) {
    let new = match &old.style {
        Style::Empty { colon } => {
            let range = node.range.clone();
            edits.replace(range, inserted(place, node, *colon, value));
            return;
        }
        _ if old.value == value => return,
        Style::Block(old) => return block::replace(edits, place, old, value),
        Style::Plain => plain(value, place.in_flow),
        Style::Single => {
            let single = format!("'{}'", value.replace('\'', "''"));
            is_simple(value).then_some(single)
        }
        Style::Double => None,
    };
    edits.replace(node.range.clone(), new.unwrap_or_else(|| quoted(value)));
}

/// What is written where nothing was.
fn inserted(place: Place<'_>, node: &Node, colon: bool, value: &str) -> String {
    let value = plain(value, place.in_flow).unwrap_or_else(|| quoted(value));
    if !colon && place.in_flow {
        return format!(": {value}");
    }
    if !colon {
        let indent = " ".repeat(place.column);
        return format!("{}{indent}: {value}", place.line_ending);
    }
    let at = node.range.start;
    let before = place.text.get(..at).unwrap_or_default();
    let after = place.text.get(at..).unwrap_or_default();
    // At the start of a line the space would be indentation.
    let is_apart = before.ends_with([' ', '\t']) || column(place.text, at) == 0;
    let ends = after.is_empty() || after.starts_with([' ', '\t', '\r', '\n', ',', ']', '}']);
    format!(
        "{}{value}{}",
        if is_apart { "" } else { " " },
        if ends { "" } else { " " }
    )
}

/// The value without quotes, if it is read back like that.
pub(super) fn plain(value: &str, in_flow: bool) -> Option<String> {
    // What follows matters as well: `?` is an indicator before a space.
    let around: &[(&str, &str)] = match in_flow {
        false => &[("k: ", "\n"), ("k: ", " #\n")],
        true => &[("{k: ", "}"), ("{k: ", " }"), ("[", "]"), ("[", " ]")],
    };
    let reads = around.iter().all(|(before, after)| {
        let document = format!("{before}{value}{after}");
        reads_as(&document, value, &Style::Plain)
    });
    (is_simple(value) && reads).then(|| value.to_owned())
}

/// Whether the first entry of a document is this scalar, and the only one.
pub(super) fn reads_as(document: &str, value: &str, style: &Style) -> bool {
    let Ok(documents) = parse(document) else {
        return false;
    };
    let [root] = documents.as_slice() else {
        return false;
    };
    let entry = match &root.kind {
        Kind::Mapping { entries, .. } => match entries.as_slice() {
            [(_, entry)] => entry,
            _ => return false,
        },
        Kind::Sequence { entries, .. } => match entries.as_slice() {
            [entry] => entry,
            _ => return false,
        },
        _ => return false,
    };
    let same_style = |found: &Style| match (found, style) {
        (Style::Block(_), Style::Block(_)) => true,
        (found, style) => found == style,
    };
    entry.properties.is_none()
        && matches!(&entry.kind, Kind::Scalar(scalar) if scalar.value == value && same_style(&scalar.style))
}

/// A string in double quotes, on one line. What another reader could take for a line break,
/// or would not take at all, is escaped.
pub(super) fn quoted(value: &str) -> String {
    let mut out = "\"".to_owned();
    for c in value.chars() {
        match is_printable(c) && c != '"' && c != '\\' && c != '\t' {
            true => out.push(c),
            false => out.push_str(&escape::yaml_double(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out.push('"');
    out
}

/// Whether a text is of one line that needs no escapes.
fn is_simple(value: &str) -> bool {
    value.chars().all(is_printable)
}

/// Characters that every reader takes as they are.
pub(super) fn is_printable(c: char) -> bool {
    match c {
        '\t' => true,
        '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => false,
        c => !c.is_control(),
    }
}
