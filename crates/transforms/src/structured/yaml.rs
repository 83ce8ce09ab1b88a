//! Variables in YAML, by byte ranges: comments, anchors, tags, quotes and layout stay.

mod block;
mod flow;
mod fragment;
mod scalar;
mod tree;

use variables::VariableSet;

use self::tree::{Kind, Node};
use super::is_path;
use crate::edit::{Edits, line_ending};
use crate::{Outcome, TransformError, value_of};

/// Replaces each value whose path is the name of a variable, such as `logging:level` or
/// `items:0:name`, without case, in every document of the stream. A scalar keeps its style if
/// the new value can be written in it, and is quoted otherwise; a mapping or sequence takes YAML,
/// or else becomes a string. An alias stays.
///
/// # Errors
/// Text that is no YAML, a variable that can't be evaluated, or one that takes away an anchor
/// which is needed elsewhere.
pub fn yaml_variables(text: &str, variables: &VariableSet) -> Result<Outcome, TransformError> {
    let documents = tree::parse(text)?;
    let mut change = Change {
        text,
        line_ending: line_ending(text),
        variables,
        edits: Edits::default(),
        replaced: Vec::new(),
    };
    for root in &documents {
        change.children(root, 0, &mut String::new())?;
    }
    let Change {
        edits, replaced, ..
    } = change;
    let changed = edits.apply(text);
    if changed != text
        && let Err(error) = tree::parse(&changed)
    {
        return Err(TransformError::Value {
            name: replaced.join("`, `"),
            reason: format!("the result is no YAML: {error}"),
        });
    }
    Ok(Outcome {
        text: changed,
        replaced,
    })
}

struct Change<'a> {
    text: &'a str,
    line_ending: &'static str,
    variables: &'a VariableSet,
    edits: Edits,
    replaced: Vec<String>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a str,
    line_ending: &'a str,
    /// Whether `[…]` or `{…}` is around it.
    in_flow: bool,
    /// Column of the innermost mapping or sequence without brackets that it is in.
    column: usize,
    /// Where its key ends; `None` in a sequence.
    key_end: Option<usize>,
}

impl<'a> Change<'a> {
    /// What is in a node, which stands in a mapping or sequence of this column.
    fn children(
        &mut self,
        node: &Node,
        column: usize,
        path: &mut String,
    ) -> Result<(), TransformError> {
        let place = |flow: bool| Place {
            text: self.text,
            line_ending: self.line_ending,
            in_flow: flow,
            column: match flow {
                true => column,
                false => tree::column(self.text, node.range.start),
            },
            key_end: None,
        };
        match &node.kind {
            Kind::Mapping { flow, entries } => {
                let place = place(*flow);
                for (key, value) in entries {
                    let key_end = Some(key.range.end);
                    if let Kind::Scalar(scalar) = &key.kind {
                        self.child(value, &scalar.value, Place { key_end, ..place }, path)?;
                    }
                }
            }
            Kind::Sequence { flow, entries } => {
                let place = place(*flow);
                for (index, entry) in entries.iter().enumerate() {
                    self.child(entry, &index.to_string(), place, path)?;
                }
            }
            Kind::Scalar(_) | Kind::Alias => {}
        }
        Ok(())
    }

    fn child(
        &mut self,
        node: &Node,
        name: &str,
        place: Place<'a>,
        path: &mut String,
    ) -> Result<(), TransformError> {
        let parent = path.len();
        if parent > 0 {
            path.push(':');
        }
        path.push_str(name);
        let value = match is_path(path) && !matches!(node.kind, Kind::Alias) {
            true => value_of(self.variables, path)?,
            false => None,
        };
        match (value, &node.kind) {
            (None, _) => self.children(node, place.column, path)?,
            (Some(value), kind) => {
                self.replaced.push(path.clone());
                match kind {
                    Kind::Scalar(scalar) => {
                        scalar::replace(&mut self.edits, place, node, scalar, &value);
                    }
                    _ => fragment::replace(&mut self.edits, place, node, &value),
                }
            }
        }
        path.truncate(parent);
        Ok(())
    }
}
