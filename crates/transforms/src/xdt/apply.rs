//! What each instruction does to the source.

use roxmltree::{Attribute, Document, Node};

use super::copy::copy;
use super::instruction::{Instruction, Name, Names, Verb};
use super::layout::{Layout, line_indent};
use super::locate::{Found, parents, select, targets};
use super::{Failure, NAMESPACE};
use crate::edit::{Edits, line_ending, with_line_ending};
use crate::xml::{self, Tag};

/// The changes that an instruction asks for.
pub(super) fn apply(
    instruction: &Instruction<'_>,
    text: &str,
    document: &Document<'_>,
    warnings: &mut Vec<Failure>,
) -> Result<Edits, Failure> {
    let mut apply = Apply {
        instruction,
        text,
        layout: Layout { text, document },
        edits: Edits::default(),
        warnings: Vec::new(),
    };
    if instruction.surplus {
        apply.warn("the transform takes no arguments; they are ignored");
    }
    apply.run(document)?;
    if !instruction.quiet {
        warnings.append(&mut apply.warnings);
    }
    Ok(apply.edits)
}

struct Apply<'a, 'i, 't> {
    instruction: &'t Instruction<'t>,
    text: &'i str,
    layout: Layout<'a, 'i>,
    edits: Edits,
    warnings: Vec<Failure>,
}

impl<'a, 'i> Apply<'a, 'i, '_> {
    fn warn(&mut self, message: impl Into<String>) {
        let offset = self.instruction.offset;
        self.warnings.push(Failure::new(offset, message));
    }

    fn run(&mut self, document: &'a Document<'i>) -> Result<(), Failure> {
        let Instruction {
            transform, element, ..
        } = *self.instruction;
        match &self.instruction.verb {
            Verb::Insert | Verb::InsertIfMissing | Verb::InsertBefore(_) | Verb::InsertAfter(_) => {
                let parents = parents(transform, element, document)?;
                self.insert(document, parents)
            }
            verb => {
                let Found { elements, missing } = targets(transform, element, document)?;
                self.warnings.extend(missing);
                self.change(verb, &elements);
                Ok(())
            }
        }
    }

    fn insert(
        &mut self,
        document: &'a Document<'i>,
        parents: Found<'a, 'i>,
    ) -> Result<(), Failure> {
        let Instruction {
            transform, element, ..
        } = *self.instruction;
        let Some(parent) = parents.elements.first().copied() else {
            let missing = parents.missing;
            let otherwise = || Failure::new(self.instruction.offset, "the source has no place");
            let Failure { offset, message } = missing.unwrap_or_else(otherwise);
            let message = format!("{message}, so nothing can be inserted; correct the path");
            return Err(Failure::new(offset, message));
        };
        let (xpath, after) = match &self.instruction.verb {
            Verb::InsertBefore(xpath) => (xpath, false),
            Verb::InsertAfter(xpath) => (xpath, true),
            verb => {
                let is_there = matches!(verb, Verb::InsertIfMissing)
                    && !targets(transform, element, document)?.elements.is_empty();
                if !is_there {
                    let new = |indent: &str| self.copied(Some(parent), indent);
                    let mut edits = Edits::default();
                    self.layout.append(&mut edits, parent, new);
                    self.edits = edits;
                }
                return Ok(());
            }
        };
        let failure = |message| Failure::new(self.instruction.offset, message);
        let siblings = select(xpath, parent).map_err(failure)?;
        let Some(sibling) = siblings.first().copied() else {
            let message = "the XPath selects no element of the source; correct it";
            return Err(failure(message.to_owned()));
        };
        let new = |indent: &str| self.copied(sibling.parent_element(), indent);
        let mut edits = Edits::default();
        match after {
            true => self.layout.after(&mut edits, sibling, new),
            false => self.layout.before(&mut edits, sibling, new),
        }
        self.edits = edits;
        Ok(())
    }

    /// The element as it is written into another one.
    fn copied(&self, scope: Option<Node<'a, 'i>>, indent: &str) -> String {
        let Instruction {
            transform, element, ..
        } = *self.instruction;
        let copied = copy(transform, element, scope, indent);
        with_line_ending(&copied, line_ending(self.text))
    }

    fn change(&mut self, verb: &Verb, targets: &[Node<'a, 'i>]) {
        let Some(first) = targets.first().copied() else {
            return;
        };
        let is_single = matches!(verb, Verb::Replace | Verb::Remove | Verb::CommentOut);
        if is_single && targets.len() > 1 {
            let count = targets.len();
            self.warn(format!(
                "{count} elements of the source match; only the first one is changed"
            ));
        }
        match verb {
            Verb::Remove => self.layout.remove(&mut self.edits, first),
            Verb::RemoveAll => {
                for target in targets {
                    self.layout.remove(&mut self.edits, *target);
                }
            }
            Verb::CommentOut => {
                let range = first.range();
                let text = self.text.get(range.clone()).unwrap_or_default();
                self.edits.replace(range, comment(text));
            }
            Verb::SetAttributes(names) => self.set_attributes(names, targets),
            Verb::RemoveAttributes(names) => self.remove_attributes(names, targets),
            _ => {
                let indent = line_indent(self.text, first.range().start);
                let new = self.copied(first.parent_element(), indent);
                self.edits.replace(first.range(), new);
            }
        }
    }

    fn set_attributes(&mut self, names: &Names, targets: &[Node<'a, 'i>]) {
        let element = self.instruction.element;
        let attributes: Vec<_> = element
            .attributes()
            .filter(|attribute| attribute.namespace() != Some(NAMESPACE))
            .filter(|attribute| is_among(attribute, names))
            .collect();
        for name in names.iter().flatten() {
            if xml::attribute(element, (&name.namespace, &name.local)).is_none() {
                let written = &name.written;
                self.warn(format!("the element has no attribute `{written}` to set"));
            }
        }
        if attributes.is_empty() && names.is_none() {
            self.warn("the element has no attributes to set");
        }
        for target in targets {
            let tag = Tag::at(self.text, target.range().start);
            let mut declared = Vec::new();
            for attribute in &attributes {
                let (namespace, local) =
                    (attribute.namespace().unwrap_or_default(), attribute.name());
                let old = xml::attribute(*target, (namespace, local));
                if old.is_some_and(|old| old.value() == attribute.value()) {
                    continue;
                }
                let old = tag.attribute(self.text, *target, (namespace, local));
                let mut written = local.to_owned();
                if old.is_none() && !namespace.is_empty() {
                    let prefix = self.prefix(*target, namespace, &mut declared);
                    written = format!("{prefix}:{local}");
                }
                let value = attribute.value();
                tag.set(&mut self.edits, self.text, old, &written, value);
            }
        }
    }

    /// A prefix for a namespace, which is declared if the element has none for it.
    fn prefix(
        &mut self,
        target: Node<'a, 'i>,
        namespace: &str,
        declared: &mut Vec<(String, String)>,
    ) -> String {
        if let Some((_, prefix)) = declared.iter().find(|(known, _)| known == namespace) {
            return prefix.clone();
        }
        let mut known = target.namespaces().filter(|known| known.uri() == namespace);
        if namespace == xml::XML_NAMESPACE {
            return "xml".to_owned();
        }
        if let Some(prefix) = known.find_map(|known| known.name()) {
            return prefix.to_owned();
        }
        let wanted = self.instruction.element.namespaces();
        let wanted = wanted
            .filter(|known| known.uri() == namespace)
            .find_map(|known| known.name());
        let mut prefix = wanted.unwrap_or("p").to_owned();
        while target.lookup_namespace_uri(Some(&prefix)).is_some()
            || declared.iter().any(|(_, known)| *known == prefix)
        {
            prefix.push('_');
        }
        declared.push((namespace.to_owned(), prefix.clone()));
        let tag = Tag::at(self.text, target.range().start);
        let declaration = format!("xmlns:{prefix}");
        tag.set(&mut self.edits, self.text, None, &declaration, namespace);
        prefix
    }

    fn remove_attributes(&mut self, names: &Names, targets: &[Node<'a, 'i>]) {
        for target in targets {
            let tag = Tag::at(self.text, target.range().start);
            for attribute in target.attributes() {
                let name = (attribute.namespace().unwrap_or_default(), attribute.name());
                let place = tag.attribute(self.text, *target, name);
                if let Some(place) = place.filter(|_| is_among(&attribute, names)) {
                    self.edits.replace(place.range.clone(), "");
                }
            }
        }
    }
}

fn is_among(attribute: &Attribute<'_, '_>, names: &Names) -> bool {
    let is_it = |name: &Name| {
        name.namespace == attribute.namespace().unwrap_or_default()
            && name.local == attribute.name()
    };
    names.as_ref().is_none_or(|names| names.iter().any(is_it))
}

/// An element as a comment, where two dashes are not allowed.
fn comment(text: &str) -> String {
    let mut out = "<!--".to_owned();
    for c in text.chars() {
        if c == '-' && out.ends_with('-') {
            out.push(' ');
        }
        out.push(c);
    }
    out.push_str("-->");
    out
}
