//! White space around what is added and removed.

use std::ops::Range;

use roxmltree::{Document, Node};

use crate::edit::{Edits, line_ending};
use crate::xml::{Tag, content_range, node_range};

/// The source, as far as its layout goes.
pub(super) struct Layout<'a, 'i> {
    pub(super) text: &'i str,
    pub(super) document: &'a Document<'i>,
}

impl<'a, 'i> Layout<'a, 'i> {
    fn own_line(&self, node: Node<'a, 'i>) -> Option<&'i str> {
        indent_before(self.text, node.range().start)
    }

    /// Adds what `new` gives for an indentation as the last child.
    pub(super) fn append(
        &self,
        edits: &mut Edits,
        parent: Node<'a, 'i>,
        new: impl Fn(&str) -> String,
    ) {
        let ending = line_ending(self.text);
        // With the line breaks around it, if the parent has a line of its own.
        let alone = || match self.own_line(parent) {
            Some(outer) => {
                let inner = format!("{outer}{}", self.unit());
                format!("{ending}{inner}{}{ending}{outer}", new(&inner))
            }
            None => new(""),
        };
        let Some(content) = content_range(self.text, parent) else {
            let tag = Tag::at(self.text, parent.range().start);
            let name = tag.name(self.text);
            edits.replace(tag.closing(), format!(">{}</{name}>", alone()));
            return;
        };
        let last = parent
            .children()
            .rev()
            .find(|child| !child.is_text() || !self.is_blank(&node_range(self.text, *child)));
        let others = parent.children().rev().filter(|child| !child.is_text());
        let inner = others.into_iter().find_map(|child| self.own_line(child));
        match (last, inner) {
            (None, _) => edits.replace(content, alone()),
            (Some(last), _) if last.is_text() => {
                edits.replace(content.end..content.end, new(""));
            }
            (Some(last), Some(inner)) => {
                let end = last.range().end;
                edits.replace(end..end, format!("{ending}{inner}{}", new(inner)));
            }
            (Some(last), None) => edits.replace(last.range().end..last.range().end, new("")),
        }
    }

    /// Adds before an element.
    pub(super) fn before(
        &self,
        edits: &mut Edits,
        sibling: Node<'a, 'i>,
        new: impl Fn(&str) -> String,
    ) {
        let start = sibling.range().start;
        let text = match self.own_line(sibling) {
            Some(indent) => format!("{}{}{indent}", new(indent), line_ending(self.text)),
            None => new(""),
        };
        edits.replace(start..start, text);
    }

    /// Adds after an element.
    pub(super) fn after(
        &self,
        edits: &mut Edits,
        sibling: Node<'a, 'i>,
        new: impl Fn(&str) -> String,
    ) {
        let end = sibling.range().end;
        let text = match self.own_line(sibling) {
            Some(indent) => format!("{}{indent}{}", line_ending(self.text), new(indent)),
            None => new(""),
        };
        edits.replace(end..end, text);
    }

    /// Removes an element, and the lines that it has for itself.
    pub(super) fn remove(&self, edits: &mut Edits, node: Node<'a, 'i>) {
        let mut range = node.range();
        let after = self.text.get(range.end..).unwrap_or_default();
        let rest = after.trim_start_matches([' ', '\t']);
        let ending = match rest {
            rest if rest.starts_with("\r\n") => 2,
            rest => usize::from(rest.starts_with(['\r', '\n'])),
        };
        if let Some(indent) = self.own_line(node)
            && ending > 0
        {
            range.start -= indent.len();
            range.end += after.len() - rest.len() + ending;
        }
        edits.replace(range, "");
    }

    fn is_blank(&self, range: &Range<usize>) -> bool {
        let text = self.text.get(range.clone()).unwrap_or_default();
        text.trim_matches([' ', '\t', '\r', '\n']).is_empty()
    }

    /// What the lines of an element are indented by, seen from its parent.
    fn unit(&self) -> &'i str {
        let elements = self.document.descendants().filter(Node::is_element);
        let mut units = elements.filter_map(|element| {
            let outer = self.own_line(element.parent_element()?)?;
            let unit = self.own_line(element)?.strip_prefix(outer)?;
            (!unit.is_empty()).then_some(unit)
        });
        units.next().unwrap_or("  ")
    }
}

/// The white space that the line of an offset begins with.
pub(super) fn line_indent(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind(['\r', '\n']).map_or(0, |end| end + 1);
    let line = text.get(start..).unwrap_or_default();
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

/// The white space before an offset, if the line holds nothing else before it.
fn indent_before(text: &str, offset: usize) -> Option<&str> {
    let before = text.get(..offset)?;
    let line = before.trim_end_matches([' ', '\t']);
    let is_alone = line.is_empty() || line.ends_with(['\r', '\n']);
    before.get(line.len()..).filter(|_| is_alone)
}
