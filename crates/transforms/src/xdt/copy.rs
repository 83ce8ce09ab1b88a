//! An element of the transform as it is written into the source: without anything of XDT,
//! with the namespaces that it needs, and indented as its new place is.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::Node;

use super::NAMESPACE;
use super::layout::line_indent;
use crate::edit::Edits;
use crate::xml::{self, Tag, TagAttribute, escape};

/// The text of an element that is to stand in `scope`, an element of the source. Line breaks are
/// those of the transform.
pub(super) fn copy(
    transform: &str,
    element: Node<'_, '_>,
    scope: Option<Node<'_, '_>>,
    indent: &str,
) -> String {
    let whole = element.range();
    let mut copy = Copy {
        transform,
        start: whole.start,
        from: line_indent(transform, whole.start),
        to: indent,
        edits: Edits::default(),
    };
    let mut free = BTreeMap::new();
    for node in element.descendants() {
        if node.is_element() && xml::name(node).0 == NAMESPACE {
            copy.replace(node.range(), "");
        } else if node.is_element() {
            copy.element(element, node, &mut free);
        } else if node.is_text() {
            copy.text(node);
        }
    }
    let mut declarations = String::new();
    for (prefix, namespace) in free {
        let known = scope.and_then(|scope| xml::namespace(scope, prefix));
        if known.unwrap_or_default() != namespace {
            let colon = if prefix.is_some() { ":" } else { "" };
            let prefix = prefix.unwrap_or_default();
            let namespace = escape(namespace, Some('"'));
            declarations.push_str(&format!(" xmlns{colon}{prefix}=\"{namespace}\""));
        }
    }
    let after_name = Tag::at(transform, whole.start).name_end();
    copy.replace(after_name..after_name, declarations);
    copy.edits.apply(transform.get(whole).unwrap_or_default())
}

struct Copy<'t> {
    transform: &'t str,
    start: usize,
    /// White space before the element in the transform, and before it in the source.
    from: &'t str,
    to: &'t str,
    edits: Edits,
}

impl<'t> Copy<'t> {
    fn replace(&mut self, range: Range<usize>, new: impl Into<String>) {
        let range = range.start - self.start..range.end - self.start;
        self.edits.replace(range, new);
    }

    /// Notes the prefixes that are declared outside of `root` in `free`.
    fn element<'n>(
        &mut self,
        root: Node<'n, 'n>,
        node: Node<'n, 'n>,
        free: &mut BTreeMap<Option<&'t str>, &'n str>,
    ) {
        let transform = self.transform;
        let tag = Tag::at(transform, node.range().start);
        let mut names = vec![(tag.name(transform), true)];
        for attribute in &tag.attributes {
            if is_xdt(transform, node, attribute) {
                self.replace(attribute.range.clone(), "");
                continue;
            }
            self.layout(attribute.space());
            if attribute.declares(transform).is_none() {
                names.push((attribute.name(transform), false));
            }
        }
        self.layout(tag.closing());
        for (name, is_element) in names {
            let prefix = name.split_once(':').map(|(prefix, _)| prefix);
            // An attribute without a prefix is in no namespace.
            let has_namespace = is_element || prefix.is_some();
            if has_namespace && prefix != Some("xml") && !declares(transform, root, node, prefix) {
                let namespace = xml::namespace(node, prefix).unwrap_or_default();
                free.insert(prefix, namespace);
            }
        }
    }

    fn text(&mut self, node: Node<'_, '_>) {
        let range = xml::node_range(self.transform, node);
        let text = self.transform.get(range.clone()).unwrap_or_default();
        let preserved = node.ancestors().find_map(|node| {
            let space = xml::attribute(node, (xml::XML_NAMESPACE, "space"))?;
            Some(space.value() == "preserve")
        });
        if text.trim().is_empty() && preserved != Some(true) {
            self.layout(range);
        }
    }

    /// Moves the lines that begin in white space.
    fn layout(&mut self, range: Range<usize>) {
        let space = self.transform.get(range.clone()).unwrap_or_default();
        let mut lines = space.split_inclusive('\n');
        let mut new = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            if line.ends_with('\n') {
                new.push_str(line);
                continue;
            }
            let same = line.bytes().zip(self.from.bytes());
            let same = same.take_while(|(a, b)| a == b).count();
            new.push_str(self.to);
            new.push_str(line.get(same..).unwrap_or_default());
        }
        if space.ends_with('\n') {
            new.push_str(self.to);
        }
        if new != space {
            self.replace(range, new);
        }
    }
}

fn is_xdt(transform: &str, node: Node<'_, '_>, attribute: &TagAttribute) -> bool {
    match attribute.declares(transform) {
        Some(prefix) => {
            let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
            xml::namespace(node, prefix) == Some(NAMESPACE)
        }
        None => attribute
            .expanded(transform, node)
            .is_some_and(|(namespace, _)| namespace == NAMESPACE),
    }
}

/// Whether a prefix is declared between `root` and `node`, both included.
fn declares(transform: &str, root: Node<'_, '_>, node: Node<'_, '_>, prefix: Option<&str>) -> bool {
    let depth = |node: Node<'_, '_>| node.ancestors().count();
    let levels = depth(node) - depth(root) + 1;
    node.ancestors().take(levels).any(|node| {
        Tag::at(transform, node.range().start)
            .attributes
            .iter()
            .any(|attribute| attribute.declares(transform) == Some(prefix.unwrap_or_default()))
    })
}
