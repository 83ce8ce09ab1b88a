//! From an element of the transform to those of the source.

use roxmltree::{Document, Node};

use super::Failure;
use super::instruction::{Locator, Name};
use crate::xml;
use crate::xpath::{Item, XPath, XPathError};

/// What an element of the transform leads to.
pub(super) struct Found<'a, 'i> {
    pub(super) elements: Vec<Node<'a, 'i>>,
    /// If there are none: the outermost element of the transform that matches nothing.
    pub(super) missing: Option<Failure>,
}

/// The elements of the source that an element of the transform stands for.
pub(super) fn targets<'a, 'i>(
    transform: &str,
    element: Node<'_, '_>,
    document: &'a Document<'i>,
) -> Result<Found<'a, 'i>, Failure> {
    let mut path: Vec<_> = element.ancestors().filter(Node::is_element).collect();
    path.reverse();
    let mut nodes = vec![document.root()];
    let mut missing = None;
    let mut shown = String::new();
    for element in path {
        let step = Step {
            element,
            locator: Locator::of(transform, element)?,
        };
        shown = step.shown(&shown);
        nodes = step
            .follow(document, &nodes)
            .map_err(|error| Failure::new(element.range().start, error))?;
        match nodes.is_empty() {
            false => missing = None,
            true if missing.is_none() => {
                let message = format!("no element of the source matches `{shown}`");
                missing = Some(Failure::new(element.range().start, message));
            }
            true => {}
        }
    }
    Ok(Found {
        elements: nodes,
        missing,
    })
}

/// The elements of the source that an element is to be put into: those that the element around
/// it stands for, unless an XPath says where.
pub(super) fn parents<'a, 'i>(
    transform: &str,
    element: Node<'_, '_>,
    document: &'a Document<'i>,
) -> Result<Found<'a, 'i>, Failure> {
    let parent = match Locator::of(transform, element)? {
        Locator::XPath(..) => Some(element),
        _ => element.parent_element(),
    };
    match parent {
        Some(parent) => targets(transform, parent, document),
        None => {
            let message = "the root has no element around it that it could be put into; use another transform, or none";
            Err(Failure::new(element.range().start, message))
        }
    }
}

struct Step<'t> {
    element: Node<'t, 't>,
    locator: Locator,
}

impl Step<'_> {
    fn follow<'a, 'i>(
        &self,
        document: &'a Document<'i>,
        from: &[Node<'a, 'i>],
    ) -> Result<Vec<Node<'a, 'i>>, String> {
        if let Locator::XPath(xpath, text) = &self.locator
            && text.starts_with('/')
        {
            return select(xpath, document.root());
        }
        let name = xml::name(self.element);
        let mut found = Vec::new();
        for node in from {
            let named = node
                .children()
                .filter(|child| child.is_element() && xml::name(*child) == name);
            match &self.locator {
                Locator::Default => found.extend(named),
                Locator::Match(keys) => {
                    let keys = self.values(keys)?;
                    found.extend(named.filter(|child| {
                        keys.iter().all(|(key, value)| {
                            let name = (key.namespace.as_str(), key.local.as_str());
                            xml::attribute(*child, name)
                                .is_some_and(|attribute| attribute.value() == value)
                        })
                    }));
                }
                Locator::Condition(condition, _) => {
                    let named = named.map(Item::Node).collect();
                    let kept = condition.filter(named).map_err(|error| error.to_string())?;
                    found.extend(kept.into_iter().filter_map(Item::element));
                }
                Locator::XPath(xpath, _) => {
                    for child in named {
                        found.extend(select(xpath, child)?);
                    }
                }
            }
        }
        found.sort_by_key(|node| node.id().get());
        found.dedup();
        Ok(found)
    }

    /// What the keys are to have.
    fn values<'k>(&self, keys: &'k [Name]) -> Result<Vec<(&'k Name, String)>, String> {
        let value = |key: &'k Name| {
            let name = (key.namespace.as_str(), key.local.as_str());
            let written = &key.written;
            match xml::attribute(self.element, name) {
                Some(attribute) => Ok((key, attribute.value().to_owned())),
                None => Err(format!(
                    "the element has no attribute `{written}` that `Match` could compare; add it"
                )),
            }
        };
        keys.iter().map(value).collect()
    }

    /// The path, for people.
    fn shown(&self, before: &str) -> String {
        let name = Item::Node(self.element).qualified_name();
        match &self.locator {
            Locator::XPath(_, text) if text.starts_with('/') => text.clone(),
            Locator::XPath(_, text) => format!("{before}/{name}/{text}"),
            Locator::Condition(_, text) => format!("{before}/{name}[{text}]"),
            Locator::Match(keys) => {
                let keys = self.values(keys).unwrap_or_default();
                let keys: Vec<_> = keys
                    .iter()
                    .map(|(key, value)| format!("@{}='{value}'", key.written))
                    .collect();
                format!("{before}/{name}[{}]", keys.join(" and "))
            }
            Locator::Default => format!("{before}/{name}"),
        }
    }
}

/// The elements that an XPath selects.
pub(super) fn select<'a, 'i>(
    xpath: &XPath,
    from: Node<'a, 'i>,
) -> Result<Vec<Node<'a, 'i>>, String> {
    let items = xpath
        .select(Item::Node(from))
        .map_err(|error: XPathError| error.to_string())?;
    let element = |item: Item<'a, 'i>| {
        item.element()
            .ok_or_else(|| "the XPath selects something that is no element; correct it".to_owned())
    };
    items.into_iter().map(element).collect()
}
