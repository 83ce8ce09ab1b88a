//! Variables in XML: the name of a variable is an XPath.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};
use variables::VariableSet;

use super::is_path;
use crate::edit::{Edits, line_ending, with_line_ending};
use crate::xml::{self, Tag, escape, node_range, set_content};
use crate::xpath::{Item, XPath, XPathError};
use crate::{Outcome, TransformError, value_of};

/// Replaces what an XPath selects that is the name of a variable, such as
/// `/settings/server/@port` or `//p:name`; a name without `/` and `:` is none. Prefixes are
/// those that the document declares, of the same ones the first. An element with elements in
/// it takes XML, anything else takes text. Variables are applied in their order.
///
/// # Errors
/// XML that is not well-formed, a DTD, a variable that can't be evaluated or takes too long
/// as an XPath, or a value that its place can't hold.
pub fn xml_variables(text: &str, variables: &VariableSet) -> Result<Outcome, TransformError> {
    let mut change = Change {
        variables,
        line_ending: line_ending(text),
        replaced: Vec::new(),
    };
    let mut names = variables
        .names()
        .filter(|name| name.contains(['/', ':']) && is_path(name));
    let mut outcome = text.to_owned();
    // The next variable sees what the one before it wrote.
    while let Some(changed) = change.next(&outcome, &mut names)? {
        outcome = changed;
    }
    Ok(Outcome {
        text: outcome,
        replaced: change.replaced,
    })
}

struct Change<'v> {
    variables: &'v VariableSet,
    line_ending: &'static str,
    replaced: Vec<String>,
}

impl<'v> Change<'v> {
    /// The text with the next variable in place; `None` after the last one.
    fn next(
        &mut self,
        text: &str,
        names: &mut impl Iterator<Item = &'v str>,
    ) -> Result<Option<String>, TransformError> {
        let document = xml::parse(text).map_err(|error| match self.replaced.last() {
            Some(name) => unfit(name, &format!("it leaves no XML: {error}")),
            None => error,
        })?;
        let prefixes = prefixes(&document);
        for name in names {
            let Ok(xpath) = XPath::parse(name, &|prefix| prefixes.get(prefix).cloned()) else {
                continue;
            };
            let items = match xpath.select(Item::Node(document.root())) {
                Err(XPathError::TooManySteps(_)) => {
                    return Err(unfit(name, "its name is an XPath that takes too long"));
                }
                items => items.unwrap_or_default(),
            };
            if items.is_empty() {
                continue;
            }
            let Some(value) = value_of(self.variables, name)? else {
                continue;
            };
            xml::check_characters(name, &value)?;
            let mut edits = Edits::default();
            let mut has_place = false;
            for item in items {
                let placed = self.replace(text, item, &value, &mut edits);
                has_place |= placed.map_err(|reason| unfit(name, &reason))?;
            }
            if has_place {
                self.replaced.push(name.to_owned());
            }
            let changed = edits.apply(text);
            if changed != text {
                return Ok(Some(changed));
            }
        }
        Ok(None)
    }

    /// Whether the item can have a value, or why not this one.
    fn replace(
        &self,
        text: &str,
        item: Item<'_, '_>,
        value: &str,
        edits: &mut Edits,
    ) -> Result<bool, String> {
        let node = match item {
            Item::Node(node) => node,
            Item::Attribute(owner, _) => {
                if let Some(old) = item.attribute()
                    && old.value() != value
                {
                    let tag = Tag::at(text, owner.range().start);
                    let place = (old.namespace().unwrap_or_default(), old.name());
                    let place = tag.attribute(text, owner, place);
                    tag.set(edits, text, place, old.name(), value);
                }
                return Ok(true);
            }
        };
        let range = node_range(text, node);
        // Line breaks that can't be escaped.
        let raw = with_line_ending(value, self.line_ending);
        if node.is_element() {
            self.element(text, node, value, edits)?;
        } else if node.is_text() {
            let old = node.text().unwrap_or_default();
            let is_layout = old.trim().is_empty() && has_elements(node.parent_element());
            if is_layout {
                return Ok(false);
            }
            if old != value {
                let written = match is_cdata(text.get(range.clone()).unwrap_or_default()) {
                    true => cdata(&raw),
                    false => escape(value, None),
                };
                edits.replace(range, written);
            }
        } else if node.is_comment() {
            if value.contains("--") || value.ends_with('-') {
                return Err("a comment can't hold `--`, nor end in `-`; change it".to_owned());
            }
            if node.text() != Some(value) {
                edits.replace(range, format!("<!--{raw}-->"));
            }
        } else if let Some(pi) = node.pi() {
            if value.contains("?>") {
                return Err("a processing instruction can't hold `?>`; change it".to_owned());
            }
            if pi.value.unwrap_or_default() != value {
                let space = if value.is_empty() { "" } else { " " };
                edits.replace(range, format!("<?{}{space}{raw}?>", pi.target));
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn element(
        &self,
        text: &str,
        node: Node<'_, '_>,
        value: &str,
        edits: &mut Edits,
    ) -> Result<(), String> {
        if has_elements(Some(node)) {
            check_fragment(node, value)?;
            let fragment = with_line_ending(value, self.line_ending);
            set_content(edits, text, node, |_| fragment);
        } else if !xml::is_text(node, value) {
            set_content(edits, text, node, |old| match is_cdata(old) {
                true => cdata(&with_line_ending(value, self.line_ending)),
                false => escape(value, None),
            });
        }
        Ok(())
    }
}

fn unfit(name: &str, reason: &str) -> TransformError {
    TransformError::Value {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}

/// What the prefixes of the document stand for; the first declaration of each.
fn prefixes(document: &Document<'_>) -> BTreeMap<String, String> {
    let mut prefixes = BTreeMap::from([("xml".to_owned(), xml::XML_NAMESPACE.to_owned())]);
    for element in document.descendants().filter(Node::is_element) {
        for namespace in element.namespaces() {
            if let Some(prefix) = namespace.name()
                && !prefixes.contains_key(prefix)
            {
                prefixes.insert(prefix.to_owned(), namespace.uri().to_owned());
            }
        }
    }
    prefixes
}

fn has_elements(node: Option<Node<'_, '_>>) -> bool {
    node.is_some_and(|node| node.children().any(|child| child.is_element()))
}

/// Whether this is one CDATA section and nothing else.
fn is_cdata(source: &str) -> bool {
    let inside = source.strip_prefix("<![CDATA[");
    inside.is_some_and(|inside| inside.find("]]>") == inside.len().checked_sub("]]>".len()))
}

/// A CDATA section; several, if the text holds what would end one.
fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Whether a value can be the content of an element.
fn check_fragment(node: Node<'_, '_>, value: &str) -> Result<(), String> {
    let mut wrapped = "<x".to_owned();
    for namespace in node.namespaces() {
        let uri = escape(namespace.uri(), Some('"'));
        match namespace.name() {
            Some("xml") => continue,
            Some(prefix) => wrapped.push_str(&format!(" xmlns:{prefix}=\"{uri}\"")),
            None => wrapped.push_str(&format!(" xmlns=\"{uri}\"")),
        }
    }
    wrapped.push_str(&format!(">{value}</x>"));
    let reason = match Document::parse(&wrapped) {
        Ok(document) if document.root_element().range() == (0..wrapped.len()) => return Ok(()),
        Ok(_) => "it ends the element".to_owned(),
        Err(error) => xml::message(&error),
    };
    Err(format!(
        "the element has elements in it, so it takes XML, but {reason}; correct it"
    ))
}
