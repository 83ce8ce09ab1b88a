//! YAML in the place of a mapping or sequence.

use std::ops::Range;

use super::Place;
use super::flow::flow;
use super::scalar::quoted;
use super::tree::{Kind, Node, Style, column, parse_fragment, skip};
use crate::edit::{Edits, with_line_ending};

/// Puts a value into the place of a mapping or sequence: as YAML, or as a string if it is none.
pub(super) fn replace(edits: &mut Edits, place: Place<'_>, node: &Node, value: &str) {
    let target = Target::new(place, node);
    let Some(fragment) = Fragment::parse(value) else {
        return target.inline(edits, &quoted(value));
    };
    // The old anchor and tag stay, so there is no room for others.
    let properties = node.properties.is_none();
    let source = &fragment.source;
    match &fragment.root.kind {
        Kind::Sequence { flow: false, .. } | Kind::Mapping { flow: false, .. }
            if !target.flow && fragment.fits(target.rest_of_line()) =>
        {
            target.block(edits, &fragment, properties);
        }
        Kind::Sequence { flow: true, .. } | Kind::Mapping { flow: true, .. } => {
            let text = fragment.text(properties, place.column + 2);
            target.inline(edits, &with_line_ending(&text, place.line_ending));
        }
        _ => target.inline(edits, &flow(source, &fragment.root, properties)),
    }
}

/// What is replaced.
struct Target<'a> {
    place: Place<'a>,
    range: Range<usize>,
    /// Where a new value on the line of the key begins, if nothing but white space is between.
    joined: Option<usize>,
    /// In brackets itself, or something around it is.
    flow: bool,
}

impl<'a> Target<'a> {
    fn new(place: Place<'a>, node: &Node) -> Self {
        let flow = matches!(
            node.kind,
            Kind::Sequence { flow: true, .. } | Kind::Mapping { flow: true, .. }
        );
        let after = match (&node.properties, place.key_end) {
            (Some(properties), _) => Some(properties.end),
            (None, Some(key_end)) => Some(skip(place.text, key_end, &[]) + ":".len()),
            (None, None) => None,
        };
        let joined = after.filter(|after| {
            let between = place.text.get(*after..node.range.start);
            !flow && between.is_some_and(|between| between.trim().is_empty())
        });
        Self {
            place,
            range: node.range.clone(),
            joined,
            flow: flow || place.in_flow,
        }
    }

    fn column(&self) -> usize {
        column(self.place.text, self.range.start)
    }

    /// Whether the dashes of a sequence stand right below the key that it belongs to.
    fn is_flush(&self) -> bool {
        !self.flow && self.place.key_end.is_some() && self.column() <= self.place.column
    }

    fn rest_of_line(&self) -> &'a str {
        let rest = self.place.text.get(self.range.end..).unwrap_or_default();
        rest.split(['\r', '\n']).next().unwrap_or_default()
    }

    /// Writes what needs no lines of its own.
    fn inline(&self, edits: &mut Edits, new: &str) {
        match self.joined {
            Some(after) => edits.replace(after..self.range.end, format!(" {new}")),
            None if self.is_flush() => edits.replace(self.range.clone(), format!("  {new}")),
            None => edits.replace(self.range.clone(), new),
        }
    }

    /// Writes lines that begin in the column of the old ones.
    fn block(&self, edits: &mut Edits, fragment: &Fragment, properties: bool) {
        let has_properties = properties && fragment.root.properties.is_some();
        let stays = matches!(fragment.root.kind, Kind::Sequence { .. }) && !has_properties;
        // Keys can't stand in the column of the key that they belong to.
        let more = if self.is_flush() && !stays { 2 } else { 0 };
        let mut new = fragment.text(properties, self.column() + more);
        new.insert_str(0, &" ".repeat(more));
        let after = self.place.text.get(self.range.end..).unwrap_or_default();
        if after.is_empty() && fragment.last_block().is_some() {
            new.push('\n');
        }
        edits.replace(
            self.range.clone(),
            with_line_ending(&new, self.place.line_ending),
        );
    }
}

/// A value that is YAML.
struct Fragment {
    /// With `\n` as line ending.
    source: String,
    root: Node,
}

impl Fragment {
    fn parse(value: &str) -> Option<Self> {
        let source = with_line_ending(value, "\n");
        // Directives could not come along.
        if source.trim_start().starts_with('%') {
            return None;
        }
        let mut documents = parse_fragment(&source).ok()?;
        let root = documents.pop().filter(|_| documents.is_empty())?;
        match &root.kind {
            Kind::Alias => None,
            _ if is_empty(&root) => None,
            // `:` is rather meant as a text.
            Kind::Mapping { entries, .. } if entries.iter().any(|(key, _)| is_empty(key)) => None,
            _ => Some(Self { source, root }),
        }
    }

    /// The source from the root's first to its last character, with its lines moved to a column.
    fn text(&self, properties: bool, to: usize) -> String {
        let properties = self.root.properties.as_ref().filter(|_| properties);
        let mut start = self.root.range.start;
        let mut from = column(&self.source, start);
        if let Some(properties) = properties {
            start = properties.start;
            from = from.min(column(&self.source, start));
        }
        let text = self.source.get(start..self.root.range.end);
        let mut lines = text.unwrap_or_default().split('\n');
        let mut out = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            let line = line.get(spaces.min(from)..).unwrap_or_default();
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&" ".repeat(to));
                out.push_str(line);
            }
        }
        out
    }

    /// The head of the block scalar that the source ends with.
    fn last_block(&self) -> Option<&str> {
        let mut node = &self.root;
        loop {
            node = match &node.kind {
                Kind::Sequence { entries, .. } => entries.last()?,
                Kind::Mapping { entries, .. } => &entries.last()?.1,
                Kind::Scalar(scalar) => match &scalar.style {
                    Style::Block(block) => return self.source.get(block.head.clone()),
                    _ => return None,
                },
                Kind::Alias => return None,
            };
        }
    }

    /// Whether it stays what it is before the rest of a line, and before blank lines after that:
    /// a block scalar at its end could swallow them.
    fn fits(&self, rest_of_line: &str) -> bool {
        match self.last_block() {
            Some(head) => rest_of_line.trim().is_empty() && !head.contains('+'),
            None => true,
        }
    }
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar(scalar) if matches!(scalar.style, Style::Empty { .. }))
}
