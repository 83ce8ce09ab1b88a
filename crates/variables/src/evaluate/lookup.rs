//! From a symbol to its value: scopes, the tree of names, and JSON inside values.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value;

use super::Evaluator;
use crate::EvaluateError;
use crate::template::{Step, Symbol, fold};
use crate::tree::{NodeId, ROOT};

/// Something that a name stands for.
#[derive(Clone)]
pub(super) enum Found {
    Node(NodeId),
    Json(Rc<Value>),
    /// An entry of a JSON object in a loop.
    Pair(String, Rc<Value>),
    Text(String),
}

/// The scope of one turn of a loop.
pub(super) struct Frame {
    /// Name of the loop's variable, folded.
    pub(super) name: String,
    pub(super) entry: Found,
    pub(super) index: usize,
    pub(super) last: bool,
}

impl Evaluator<'_> {
    pub(super) fn symbol(&mut self, symbol: &Symbol) -> Result<Option<String>, EvaluateError> {
        match self.find(symbol)? {
            Some(found) => self.value(&found),
            None => Ok(None),
        }
    }

    /// What a symbol stands for, from the innermost scope outwards.
    pub(super) fn find(&mut self, symbol: &Symbol) -> Result<Option<Found>, EvaluateError> {
        if !symbol.steps.iter().any(Step::is_lookup) {
            return self.find_plain(&symbol.steps);
        }
        let mut steps = Vec::with_capacity(symbol.steps.len());
        for step in &symbol.steps {
            steps.push(match step {
                Step::Lookup(inner) => match self.nested(|evaluator| evaluator.symbol(inner))? {
                    Some(index) => Step::Index(index),
                    None => return Ok(None),
                },
                step => step.clone(),
            });
        }
        self.find_plain(&steps)
    }

    fn find_plain(&mut self, steps: &[Step]) -> Result<Option<Found>, EvaluateError> {
        for at in (0..self.frames.len()).rev() {
            if let Some((start, rest)) = self.frames.get(at).and_then(|frame| frame.start(steps))
                && let Some(found) = self.walk(start, rest)?
            {
                return Ok(Some(found));
            }
        }
        self.walk(Found::Node(ROOT), steps)
    }

    fn walk(&mut self, start: Found, steps: &[Step]) -> Result<Option<Found>, EvaluateError> {
        let mut at = start;
        for step in steps {
            self.spend(1)?;
            match self.child(&at, step)? {
                Some(child) => at = child,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    fn child(&mut self, parent: &Found, step: &Step) -> Result<Option<Found>, EvaluateError> {
        match parent {
            Found::Node(node) => {
                let tree = self.set.tree();
                let first = matches!(step, Step::Index(index) if index == "*")
                    .then(|| tree.entries(*node).first().copied())
                    .flatten();
                if let Some(child) = first.or_else(|| tree.child(*node, step)) {
                    return Ok(Some(Found::Node(child)));
                }
                let json = self.json_at(*node)?;
                Ok(json.and_then(|json| json_child(&json, step)))
            }
            Found::Pair(key, value) => Ok(match step {
                Step::Name(name) if name.eq_ignore_ascii_case("Key") => {
                    Some(Found::Text(key.clone()))
                }
                Step::Name(name) if name.eq_ignore_ascii_case("Value") => {
                    Some(Found::Json(value.clone()))
                }
                _ => None,
            }),
            Found::Json(json) => match json.as_ref() {
                Value::String(text) => self.child(&Found::Text(text.clone()), step),
                json => Ok(json_child(json, step)),
            },
            Found::Text(text) => {
                self.spend(text.len() as u64 / 64)?;
                Ok(parse_json(text).and_then(|json| json_child(&json, step)))
            }
        }
    }

    /// The value of a node as JSON. For a value that refers to a part of itself, that part
    /// is not there, and there is no cycle to report.
    fn json_at(&mut self, node: NodeId) -> Result<Option<Rc<Value>>, EvaluateError> {
        if let Some(json) = self.json.get(&node) {
            return Ok(json.clone());
        }
        let set = self.set;
        let variable = set.tree().variable(node).and_then(|at| set.at(at));
        let constant = variable.is_none_or(|variable| !variable.value.contains("#{"));
        let (missing, is_null) = (self.missing.len(), self.is_null);
        let text = match self.value(&Found::Node(node)) {
            Err(EvaluateError::Cycle { .. }) => None,
            text => text?,
        };
        self.missing.truncate(missing);
        self.is_null = is_null;
        let json = match text {
            Some(text) => {
                self.spend(text.len() as u64 / 64)?;
                parse_json(&text).map(Rc::new)
            }
            None => None,
        };
        if constant {
            self.json.insert(node, json.clone());
        }
        Ok(json)
    }

    pub(super) fn value(&mut self, found: &Found) -> Result<Option<String>, EvaluateError> {
        Ok(match found {
            Found::Node(node) => match self.set.tree().variable(*node) {
                Some(position) => Some(self.value_at(position)?),
                None => self.set.tree().index(*node).map(str::to_owned),
            },
            Found::Json(json) => Some(json_text(json)),
            Found::Pair(key, _) => Some(key.clone()),
            Found::Text(text) => Some(text.clone()),
        })
    }
}

impl Frame {
    /// What the first steps stand for in this scope, and the steps that are left.
    fn start<'s>(&self, steps: &'s [Step]) -> Option<(Found, &'s [Step])> {
        let name = |at: usize| match steps.get(at) {
            Some(Step::Name(name)) => fold(name),
            _ => Cow::default(),
        };
        if name(0) == self.name {
            return Some((self.entry.clone(), steps.get(1..)?));
        }
        if name(0) != "octopus" || name(1) != "template" || name(2) != "each" {
            return None;
        }
        let boolean = |value| if value { "True" } else { "False" };
        let value = match name(3).as_ref() {
            "index" => self.index.to_string(),
            "first" => boolean(self.index == 0).to_owned(),
            "last" => boolean(self.last).to_owned(),
            _ => return None,
        };
        Some((Found::Text(value), steps.get(4..)?))
    }
}

/// An object or array; other JSON has no parts.
pub(super) fn parse_json(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn json_child(json: &Value, step: &Step) -> Option<Found> {
    let (Step::Name(key) | Step::Index(key)) = step else {
        return None;
    };
    let child = match json {
        Value::Object(object) => object.get(key).or_else(|| {
            let folded = fold(key);
            let mut pairs = object.iter();
            pairs.find_map(|(name, value)| (fold(name) == folded).then_some(value))
        })?,
        Value::Array(array) if key == "*" => array.first()?,
        Value::Array(array) => match array.get(key.trim().parse::<usize>().ok()?) {
            Some(child) => child,
            None => return Some(Found::Text(String::new())),
        },
        _ => return None,
    };
    Some(Found::Json(Rc::new(child.clone())))
}

/// Text as it is, nothing for null, everything else as compact JSON.
fn json_text(json: &Value) -> String {
    match json {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        json => json.to_string(),
    }
}
