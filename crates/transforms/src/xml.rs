//! XML by byte ranges: where things stand in the source, and how text is written into it.

mod tag;

use std::ops::Range;

use roxmltree::{Attribute, Document, Error, Node};

pub(crate) use self::tag::{Tag, TagAttribute};
use crate::TransformError;
use crate::edit::{Edits, position};

/// The namespace of the prefix `xml`, which need not be declared.
pub(crate) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Reads a document without a DTD.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, TransformError> {
    Document::parse(text).map_err(|error| match error {
        Error::DtdDetected => {
            let (line, column) = dtd(text);
            TransformError::Dtd { line, column }
        }
        error => TransformError::Syntax {
            format: "XML",
            line: error.pos().row as usize,
            column: error.pos().col as usize,
            message: message(&error),
        },
    })
}

/// Line and column of the DTD, which only comments, processing instructions and white space
/// stand before.
pub(crate) fn dtd(text: &str) -> (usize, usize) {
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once('<') {
        let end = match inner {
            _ if inner.starts_with("!DOCTYPE") => {
                return position(text, text.len() - inner.len() - '<'.len_utf8());
            }
            _ if inner.starts_with("!--") => "-->",
            _ => "?>",
        };
        rest = inner.split_once(end).map_or("", |(_, after)| after);
    }
    position(text, 0)
}

/// What is wrong, without the place.
pub(crate) fn message(error: &Error) -> String {
    error
        .to_string()
        .replace(&format!(" at {}", error.pos()), "")
}

/// The namespace of a prefix, or of names without one, at a node. Empty: none.
pub(crate) fn namespace<'a>(node: Node<'a, '_>, prefix: Option<&str>) -> Option<&'a str> {
    match prefix {
        Some("xml") => Some(XML_NAMESPACE),
        Some(_) => node.lookup_namespace_uri(prefix),
        None => Some(node.lookup_namespace_uri(None).unwrap_or_default()),
    }
}

/// Namespace, empty if there is none, and local name of an element.
pub(crate) fn name<'a, 'i>(node: Node<'a, 'i>) -> (&'a str, &'i str) {
    let name = node.tag_name();
    (name.namespace().unwrap_or_default(), name.name())
}

/// The attribute of exactly this namespace, empty for none, and local name.
pub(crate) fn attribute<'a, 'i>(
    node: Node<'a, 'i>,
    (namespace, local): (&str, &str),
) -> Option<Attribute<'a, 'i>> {
    node.attributes().find(|attribute| {
        attribute.name() == local && attribute.namespace().unwrap_or_default() == namespace
    })
}

/// Where the content of an element stands; `None` for `<a/>`, which has no place for it.
pub(crate) fn content_range(text: &str, node: Node<'_, '_>) -> Option<Range<usize>> {
    let range = node.range();
    let tag = Tag::at(text, range.start);
    if tag.is_closed() {
        return None;
    }
    let inside = text.get(tag.range.end..range.end).unwrap_or_default();
    let end = tag.range.end + inside.rfind("</").unwrap_or_default();
    Some(tag.range.end..end)
}

/// Where a node stands. For text this is all of it: several pieces, if CDATA is among it.
pub(crate) fn node_range(text: &str, node: Node<'_, '_>) -> Range<usize> {
    let range = node.range();
    if !node.is_text() {
        return range;
    }
    let end = match (node.next_sibling(), node.parent_element()) {
        (Some(next), _) => next.range().start,
        (None, Some(parent)) => content_range(text, parent).map_or(range.end, |inside| inside.end),
        (None, None) => range.end,
    };
    range.start..end.max(range.end)
}

/// Puts new content into an element; `new` is given the old one.
pub(crate) fn set_content(
    edits: &mut Edits,
    text: &str,
    node: Node<'_, '_>,
    new: impl FnOnce(&str) -> String,
) {
    if let Some(range) = content_range(text, node) {
        let new = new(text.get(range.clone()).unwrap_or_default());
        edits.replace(range, new);
        return;
    }
    let tag = Tag::at(text, node.range().start);
    edits.replace(tag.closing(), format!(">{}</{}>", new(""), tag.name(text)));
}

/// Whether an element holds this text and nothing else.
pub(crate) fn is_text(node: Node<'_, '_>, value: &str) -> bool {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (None, _) => value.is_empty(),
        (Some(child), None) => child.is_text() && child.text() == Some(value),
        _ => false,
    }
}

/// Escapes for an attribute in this quote, or for text. Line breaks of an attribute, and
/// carriage returns, would be changed by a reader if they were written as they are.
pub(crate) fn escape(value: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == Some(c) => out.push_str("&quot;"),
            '\'' if quote == Some(c) => out.push_str("&apos;"),
            '\r' => out.push_str("&#xD;"),
            '\n' if quote.is_some() => out.push_str("&#xA;"),
            '\t' if quote.is_some() => out.push_str("&#x9;"),
            c => out.push(c),
        }
    }
    out
}

/// Fails for a value with a character that XML 1.0 can't hold, however it is written.
pub(crate) fn check_characters(name: &str, value: &str) -> Result<(), TransformError> {
    let is_xml = |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    match value.chars().find(|c| !is_xml(*c)) {
        None => Ok(()),
        Some(character) => Err(TransformError::ForbiddenCharacter {
            name: name.to_owned(),
            character: character.into(),
        }),
    }
}
