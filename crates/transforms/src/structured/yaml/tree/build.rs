//! From the parser's events to values.

use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Span, StructureStyle};

use super::place::{after_colon, after_dash, block, first_dash};
use super::{Kind, Node, Scalar, Style, style};

/// Mappings and sequences that were begun, and what was finished.
pub(super) struct Builder<'t> {
    text: &'t str,
    /// Where the last value or opening bracket ended.
    cursor: usize,
    open: Vec<Open>,
    roots: Vec<Node>,
}

/// A mapping or sequence that was begun.
struct Open {
    node: Node,
    /// The key that waits for its value.
    key: Option<Node>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            cursor: 0,
            open: Vec::new(),
            roots: Vec::new(),
        }
    }

    /// How many mappings and sequences were begun.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn finish(self) -> Vec<Node> {
        self.roots
    }

    pub(super) fn add(&mut self, event: Event<'_>, span: &Span, anchor: Option<Range<usize>>) {
        let range = span.byte_range().unwrap_or_default();
        let tag = span.tag_span().and_then(|tag| tag.byte_range());
        let properties = match (tag, anchor) {
            (Some(tag), Some(anchor)) => Some(tag.start.min(anchor.start)..tag.end.max(anchor.end)),
            (tag, anchor) => tag.or(anchor),
        };
        match event {
            Event::DocumentStart(..) => self.cursor = range.end,
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.push(Node {
                range,
                properties,
                kind: Kind::Alias,
            }),
            Event::Scalar(value, style, ..) => {
                let node = self.scalar(value.into_owned(), style, range, properties.as_ref());
                self.push(node);
            }
            Event::SequenceStart(style, ..) => {
                let flow = style == StructureStyle::Flow;
                let start = match flow {
                    true => range.start,
                    false => self.sequence_start(range.start, properties.as_ref()),
                };
                let entries = Vec::new();
                self.begin(start, properties, Kind::Sequence { flow, entries });
            }
            Event::MappingStart(style, ..) => {
                let flow = style == StructureStyle::Flow;
                let entries = Vec::new();
                self.begin(range.start, properties, Kind::Mapping { flow, entries });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&range),
            _ => {}
        }
    }

    fn begin(&mut self, start: usize, properties: Option<Range<usize>>, kind: Kind) {
        self.cursor = start;
        if matches!(
            kind,
            Kind::Sequence { flow: true, .. } | Kind::Mapping { flow: true, .. }
        ) {
            let bracket = self.text.get(start..).unwrap_or_default();
            self.cursor += usize::from(bracket.starts_with(['{', '[']));
        }
        let range = start..self.cursor;
        let node = Node {
            range,
            properties,
            kind,
        };
        self.open.push(Open { node, key: None });
    }

    fn end(&mut self, range: &Range<usize>) {
        let Some(Open { mut node, key }) = self.open.pop() else {
            return;
        };
        // Without a bracket: where the last value ends.
        let last = key.as_ref().map_or(self.cursor, |key| key.range.end);
        node.range.end = match range.is_empty() {
            true => last,
            false => range.end,
        };
        self.push(node);
    }

    fn push(&mut self, node: Node) {
        self.cursor = node.range.end;
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return;
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::Sequence { entries, .. }, _) => entries.push(node),
            (Kind::Mapping { entries, .. }, Some(key)) => entries.push((key, node)),
            (_, _) => open.key = Some(node),
        }
    }

    /// The key that waits for its value, and whether its mapping is in braces.
    fn waiting(&self) -> Option<(&Node, bool)> {
        let open = self.open.last()?;
        let flow = matches!(open.node.kind, Kind::Mapping { flow: true, .. });
        open.key.as_ref().map(|key| (key, flow))
    }

    fn sequence_start(&self, mark: usize, properties: Option<&Range<usize>>) -> usize {
        let dash = match properties {
            None if self.waiting().is_none() => None,
            None => first_dash(self.text, self.cursor),
            Some(properties) => first_dash(self.text, properties.end),
        };
        dash.unwrap_or(mark)
    }

    fn scalar(
        &self,
        value: String,
        style: ScalarStyle,
        range: Range<usize>,
        properties: Option<&Range<usize>>,
    ) -> Node {
        let after = properties
            .as_ref()
            .map_or(self.cursor, |properties| properties.end);
        let node = |range, value, style| Node {
            range,
            properties: properties.cloned(),
            kind: Kind::Scalar(Scalar { value, style }),
        };
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let block = block(self.text, after, range.end, &value);
            let range = block.head.start..block.content.end;
            return node(range, value, Style::Block(block));
        }
        if !range.is_empty() {
            return node(range, value, self::style(style));
        }
        let (at, colon) = match (self.waiting(), self.open.last()) {
            _ if properties.is_some() => (after, true),
            (Some((key, flow)), _) => match after_colon(self.text, key.range.end, flow) {
                Some(at) => (at, true),
                None => (key.range.end, false),
            },
            (None, Some(open)) if matches!(open.node.kind, Kind::Sequence { .. }) => (
                after_dash(self.text, self.cursor).unwrap_or(range.start),
                true,
            ),
            _ => (range.start, true),
        };
        node(at..at, String::new(), Style::Empty { colon })
    }
}
