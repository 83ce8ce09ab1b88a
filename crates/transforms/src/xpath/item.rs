//! What an XPath can select: nodes, and attributes, which are no nodes in roxmltree.

use roxmltree::{Attribute, Node};

use crate::xml;

/// A node or an attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item<'a, 'i> {
    /// The document, an element, text, a comment or a processing instruction.
    Node(Node<'a, 'i>),
    /// The attribute of this index of an element.
    Attribute(Node<'a, 'i>, usize),
}

impl<'a, 'i> Item<'a, 'i> {
    /// The element, if it is one.
    pub(crate) fn element(self) -> Option<Node<'a, 'i>> {
        match self {
            Item::Node(node) if node.is_element() => Some(node),
            _ => None,
        }
    }

    /// The attribute, if it is one.
    pub(crate) fn attribute(self) -> Option<Attribute<'a, 'i>> {
        match self {
            Item::Attribute(node, index) => node.attributes().nth(index),
            Item::Node(_) => None,
        }
    }

    /// Sorts in document order; the same only for the same item.
    pub(super) fn order(self) -> (u32, usize) {
        match self {
            Item::Node(node) => (node.id().get(), 0),
            Item::Attribute(node, index) => (node.id().get(), index + 1),
        }
    }

    /// The node itself, or the element of an attribute.
    pub(super) fn node(self) -> Node<'a, 'i> {
        match self {
            Item::Node(node) | Item::Attribute(node, _) => node,
        }
    }

    /// Namespace and local name; both empty for what has no name.
    pub(super) fn name(self) -> (&'a str, &'i str) {
        match self {
            Item::Attribute(..) => self.attribute().map_or(("", ""), |attribute| {
                (attribute.namespace().unwrap_or_default(), attribute.name())
            }),
            Item::Node(node) => match node.pi() {
                Some(pi) => ("", pi.target),
                None => xml::name(node),
            },
        }
    }

    /// The name as written, with its prefix.
    pub(crate) fn qualified_name(self) -> &'i str {
        let node = self.node();
        let text = node.document().input_text();
        match self {
            Item::Node(node) if node.is_element() => {
                xml::Tag::at(text, node.range().start).name(text)
            }
            Item::Node(_) => self.name().1,
            Item::Attribute(..) => {
                let range = self.attribute().map(|attribute| attribute.range());
                let written = range.and_then(|range| text.get(range)).unwrap_or_default();
                let end = written.find(|c: char| c == '=' || c.is_whitespace());
                written.get(..end.unwrap_or_default()).unwrap_or_default()
            }
        }
    }
}
