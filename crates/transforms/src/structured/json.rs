//! Variables in JSON, by byte ranges: layout, comments and trailing commas stay.

mod scan;

use variables::{EvaluateError, VariableSet, escape};

use self::scan::{Kind, MAX_DEPTH, Node, is_number, scan, unescape};
use super::is_path;
use crate::edit::{Edits, line_ending, with_line_ending};
use crate::{Outcome, TransformError, value_of};

/// Replaces each value whose path is the name of a variable, such as `Logging:Level` or
/// `Items:0:Name`, without case. A number or boolean stays one if the variable holds one;
/// an object or array takes JSON; anything else becomes a string.
///
/// # Errors
/// Text that is no JSON, or a variable that can't be evaluated.
pub fn json_variables(text: &str, variables: &VariableSet) -> Result<Outcome, TransformError> {
    let root = scan(text)?;
    let mut change = Change {
        variables,
        line_ending: line_ending(text),
        replaced: Vec::new(),
    };
    let text = change.inside(text, &root, &mut String::new())?;
    Ok(Outcome {
        text,
        replaced: change.replaced,
    })
}

struct Change<'a> {
    variables: &'a VariableSet,
    line_ending: &'static str,
    replaced: Vec<String>,
}

impl Change<'_> {
    /// The text with the values inside of the value at `path` replaced.
    fn inside(
        &mut self,
        text: &str,
        node: &Node,
        path: &mut String,
    ) -> Result<String, TransformError> {
        let mut edits = Edits::default();
        self.children(text, node, path, &mut edits)?;
        Ok(edits.apply(text))
    }

    fn children(
        &mut self,
        text: &str,
        node: &Node,
        path: &mut String,
        edits: &mut Edits,
    ) -> Result<(), TransformError> {
        match &node.kind {
            Kind::Object(members) => {
                for (name, member) in members {
                    self.child(text, member, name, path, edits)?;
                }
            }
            Kind::Array(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    self.child(text, entry, &index.to_string(), path, edits)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn child(
        &mut self,
        text: &str,
        node: &Node,
        name: &str,
        path: &mut String,
        edits: &mut Edits,
    ) -> Result<(), TransformError> {
        let parent = path.len();
        if parent > 0 {
            path.push(':');
        }
        path.push_str(name);
        if path.matches(':').count() > MAX_DEPTH {
            return Err(TransformError::Variable {
                name: path.clone(),
                source: EvaluateError::TooDeep { limit: MAX_DEPTH },
            });
        }
        let value = match is_path(path) {
            true => value_of(self.variables, path)?,
            false => None,
        };
        match value {
            Some(value) => {
                self.replaced.push(path.clone());
                let old = text.get(node.range.clone()).unwrap_or_default();
                if let Some(new) = self.converted(old, node, &value, path)? {
                    edits.replace(node.range.clone(), new);
                }
            }
            None => self.children(text, node, path, edits)?,
        }
        path.truncate(parent);
        Ok(())
    }

    /// The JSON for a new value in place of an old one; `None` if it is the same.
    fn converted(
        &mut self,
        old: &str,
        node: &Node,
        value: &str,
        path: &mut String,
    ) -> Result<Option<String>, TransformError> {
        let word = value.trim();
        match node.kind {
            Kind::Number if is_number(word) => return Ok(Some(word.to_owned())),
            Kind::Boolean if is_boolean(word) => return Ok(Some(word.to_ascii_lowercase())),
            Kind::Object(_) | Kind::Array(_) => {
                if let Ok(root) = scan(word) {
                    // Variables for values inside of the new one hold as well.
                    let new = self.inside(word, &root, path)?;
                    // Without what stands around the value: a comment there could swallow what follows.
                    let around = word.len() - root.range.end;
                    let new = new.get(root.range.start..new.len() - around);
                    let new = new.unwrap_or_default();
                    return Ok(Some(with_line_ending(new, self.line_ending)));
                }
            }
            Kind::String if unescape(old) == value => return Ok(None),
            _ => {}
        }
        Ok(Some(format!("\"{}\"", escape::json(value))))
    }
}

fn is_boolean(word: &str) -> bool {
    word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}
