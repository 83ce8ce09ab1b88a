//! YAML with the place of every value. granit-parser reads it; its marks leave open where the
//! head of a block scalar, an empty value or the first dash of a sequence stands.

mod build;
mod place;

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use self::build::Builder;
use crate::TransformError;

/// How deep mappings and sequences may be nested.
pub(super) const MAX_DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    /// Without anchor and tag. Of a mapping or sequence without brackets: from its first key or
    /// dash to the end of its last value. Of an empty value: where one would be written.
    pub(super) range: Range<usize>,
    /// Anchor and tag.
    pub(super) properties: Option<Range<usize>>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar(Scalar),
    /// `*a`
    Alias,
    Sequence {
        /// In brackets.
        flow: bool,
        entries: Vec<Node>,
    },
    Mapping {
        /// In braces.
        flow: bool,
        entries: Vec<(Node, Node)>,
    },
}

#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) value: String,
    pub(super) style: Style,
}

/// How a scalar is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// Not at all. In a mapping, `{a}` and `? a` don't even have a colon.
    Empty {
        colon: bool,
    },
    Plain,
    Single,
    Double,
    Block(Block),
}

/// A literal (`|`) or folded (`>`) scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) folded: bool,
    /// `|2-`, without a comment after it.
    pub(super) head: Range<usize>,
    /// From the line break after the head to the last character.
    pub(super) content: Range<usize>,
    /// Spaces before each line; `None` if there is no line.
    pub(super) indent: Option<usize>,
}

/// The root of each document.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, TransformError> {
    parse_with(text, false)
}

/// As [`parse`], but aliases may name anchors that stand elsewhere.
pub(super) fn parse_fragment(text: &str) -> Result<Vec<Node>, TransformError> {
    parse_with(text, true)
}

fn parse_with(text: &str, open: bool) -> Result<Vec<Node>, TransformError> {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: open,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(text);
    let mut events = Parser::new_from_str_with_options(text, options).peekable();
    while let Some(event) = events.next() {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        // The event of an anchor comes right after its node.
        let anchor = match events.peek() {
            Some(Ok((Event::Anchor(..), span))) => span.byte_range(),
            _ => None,
        };
        if builder.depth() > MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(error(&span, message));
        }
        builder.add(event, &span, anchor);
    }
    Ok(builder.finish())
}

fn syntax(error: &ScanError) -> TransformError {
    let mark = error.marker();
    self::error(&Span::empty(*mark), error.info())
}

fn error(span: &Span, message: String) -> TransformError {
    TransformError::Syntax {
        format: "YAML",
        line: span.start.line(),
        column: span.start.col() + 1,
        message,
    }
}

/// Characters before an offset on its line.
pub(super) fn column(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind(['\r', '\n']).map_or(0, |end| end + 1);
    before.get(line..).unwrap_or_default().chars().count()
}

/// Steps over white space, comments and `indicators`.
pub(super) fn skip(text: &str, mut at: usize, indicators: &[char]) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let after = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        at += rest.len() - after.len();
        if after.starts_with('#') {
            at += after.find(['\r', '\n']).unwrap_or(after.len());
        } else if let Some(c) = after.chars().next().filter(|c| indicators.contains(c)) {
            at += c.len_utf8();
        } else {
            return at;
        }
    }
}

fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        _ => Style::Plain,
    }
}
