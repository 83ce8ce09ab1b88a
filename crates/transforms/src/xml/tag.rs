//! The parts of a start tag. roxmltree gives no ranges for namespace declarations and none
//! for names, and its ranges of values are wrong after more than 255 spaces around the `=`.

use std::ops::Range;

use roxmltree::Node;

use super::{escape, namespace};
use crate::edit::Edits;

/// A start tag of a document that is well-formed.
#[derive(Debug)]
pub(crate) struct Tag {
    /// From `<` to `>`.
    pub(crate) range: Range<usize>,
    name: Range<usize>,
    /// Attributes and namespace declarations.
    pub(crate) attributes: Vec<TagAttribute>,
    /// After the last attribute, or after the name.
    end: usize,
    closed: bool,
}

/// An attribute or a namespace declaration.
#[derive(Debug)]
pub(crate) struct TagAttribute {
    /// With the white space before it.
    pub(crate) range: Range<usize>,
    name: Range<usize>,
    /// Between the quotes.
    pub(crate) value: Range<usize>,
}

impl Tag {
    /// Reads the tag at an offset.
    pub(crate) fn at(text: &str, start: usize) -> Self {
        let mut cursor = Cursor { text, at: start };
        cursor.skip(|c| c == '<');
        let name = cursor.skip(|c| !ends_name(c));
        let mut attributes = Vec::new();
        let mut end = cursor.at;
        loop {
            let space = cursor.skip(char::is_whitespace);
            let name = cursor.skip(|c| !ends_name(c));
            if name.is_empty() {
                break;
            }
            cursor.skip(|c| c.is_whitespace() || c == '=');
            let quote = cursor.next().unwrap_or('"');
            let value = cursor.skip(|c| c != quote);
            cursor.next();
            end = cursor.at;
            attributes.push(TagAttribute {
                range: space.start..end,
                name,
                value,
            });
        }
        let closed = cursor.next() == Some('/');
        if closed {
            cursor.next();
        }
        Self {
            range: start..cursor.at,
            name,
            attributes,
            end,
            closed,
        }
    }

    /// The name with its prefix.
    pub(crate) fn name<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.name.clone()).unwrap_or_default()
    }

    /// Where its name ends.
    pub(crate) fn name_end(&self) -> usize {
        self.name.end
    }

    /// Whether it is `<a/>`, which needs no end tag.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// From the last attribute or the name to the end: ` />`.
    pub(crate) fn closing(&self) -> Range<usize> {
        self.end..self.range.end
    }

    /// The attribute of an expanded name, seen from its element.
    pub(crate) fn attribute(
        &self,
        text: &str,
        node: Node<'_, '_>,
        name: (&str, &str),
    ) -> Option<&TagAttribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.expanded(text, node) == Some(name))
    }

    /// Puts a value into an attribute, and adds the attribute if there is none. A new one is
    /// written under `written`, and laid out as the last one is.
    pub(crate) fn set(
        &self,
        edits: &mut Edits,
        text: &str,
        old: Option<&TagAttribute>,
        written: &str,
        value: &str,
    ) {
        if let Some(old) = old {
            let after = text.get(old.value.end..).unwrap_or_default();
            edits.replace(
                old.value.clone(),
                escape(value, after.chars().next().or(Some('"'))),
            );
            return;
        }
        let space = match self.attributes.last() {
            Some(last) => text.get(last.range.start..last.name.start),
            None => None,
        };
        let value = escape(value, Some('"'));
        edits.replace(
            self.end..self.end,
            format!("{}{written}=\"{value}\"", space.unwrap_or(" ")),
        );
    }
}

impl TagAttribute {
    /// The name with its prefix.
    pub(crate) fn name<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.name.clone()).unwrap_or_default()
    }

    /// The white space before it.
    pub(crate) fn space(&self) -> Range<usize> {
        self.range.start..self.name.start
    }

    /// The prefix that it declares, empty for the default namespace; `None` if it declares none.
    pub(crate) fn declares<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self.name(text) {
            "xmlns" => Some(""),
            name => name.strip_prefix("xmlns:"),
        }
    }

    /// Namespace and local name; `None` for a declaration.
    pub(crate) fn expanded<'a, 't: 'a>(
        &self,
        text: &'t str,
        node: Node<'a, '_>,
    ) -> Option<(&'a str, &'t str)> {
        match self.name(text).split_once(':') {
            _ if self.declares(text).is_some() => None,
            None => Some(("", self.name(text))),
            Some((prefix, local)) => {
                Some((namespace(node, Some(prefix)).unwrap_or_default(), local))
            }
        }
    }
}

fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '=' | '/' | '>' | '<')
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn skip(&mut self, wanted: impl Fn(char) -> bool) -> Range<usize> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let start = self.at;
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        start..self.at
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }
}
