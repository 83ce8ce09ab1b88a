//! A set of variables: names without case, in order of definition.

use std::collections::HashMap;
use std::fmt;

use jiff::ZonedDateTime;

use crate::EvaluateError;
use crate::evaluate::{Evaluation, Evaluator, is_truthy};
use crate::template::fold;
use crate::tree::Tree;

/// One variable of a set.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name as it was first written.
    pub name: String,
    /// The value before evaluation.
    pub value: String,
    /// Whether the value must never be shown.
    pub sensitive: bool,
}

/// Shows no sensitive value.
impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.sensitive { "****" } else { &self.value };
        write!(f, "{} = {value:?}", self.name)
    }
}

/// Variables by name. Names are compared without case and keep their order of definition.
#[derive(Clone)]
pub struct VariableSet {
    variables: Vec<Variable>,
    positions: HashMap<String, usize>,
    tree: Tree,
    now: Option<ZonedDateTime>,
}

impl fmt::Debug for VariableSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.variables).finish()
    }
}

impl Default for VariableSet {
    fn default() -> Self {
        Self::new()
    }
}

impl VariableSet {
    /// A set without variables.
    pub fn new() -> Self {
        Self {
            variables: Vec::new(),
            positions: HashMap::new(),
            tree: Tree::new(),
            now: None,
        }
    }

    /// Sets a variable that may be shown. A sensitive variable stays sensitive.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.insert(name.into(), value.into(), false);
    }

    /// Sets a variable whose value must never be shown.
    pub fn set_sensitive(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.insert(name.into(), value.into(), true);
    }

    /// Sets the time for `NowDate` and `NowDateUtc`, which give no value without it.
    pub fn set_now(&mut self, now: ZonedDateTime) {
        self.now = Some(now);
    }

    fn insert(&mut self, name: String, value: String, sensitive: bool) {
        let key = fold(&name).into_owned();
        let known = self.positions.get(&key).copied();
        if let Some(variable) = known.and_then(|position| self.variables.get_mut(position)) {
            variable.value = value;
            variable.sensitive |= sensitive;
            return;
        }
        let position = self.variables.len();
        self.tree.insert(&name, position);
        self.positions.insert(key, position);
        self.variables.push(Variable {
            name,
            value,
            sensitive,
        });
    }

    /// The value before evaluation.
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        self.variable(name).map(|variable| variable.value.as_str())
    }

    /// The variable of this name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(self.position(name)?)
    }

    /// The value, evaluated. `None` if there is no such variable, or if its value
    /// asks to be absent (filter `Null`). A value that does not parse is given as it is.
    ///
    /// # Errors
    /// A cycle of variables, or a value that grows past the limits.
    pub fn get(&self, name: &str) -> Result<Option<String>, EvaluateError> {
        let Some(position) = self.position(name) else {
            return Ok(None);
        };
        Evaluator::new(self, false).variable(position)
    }

    /// Evaluates a template. One that does not parse, or that fails, is given as it is, with its error.
    pub fn evaluate(&self, template: &str) -> Evaluation {
        Evaluator::new(self, false).template(template)
    }

    /// Evaluates what can be evaluated: a part that does not parse or fails stays as it is,
    /// and the first error is given. For files that use `#{` for purposes of their own.
    pub fn evaluate_lenient(&self, template: &str) -> Evaluation {
        Evaluator::new(self, true).template(template)
    }

    /// Whether the variable is there and its value counts as true, see [`is_truthy`].
    ///
    /// # Errors
    /// As for [`VariableSet::get`].
    pub fn is_truthy(&self, name: &str) -> Result<bool, EvaluateError> {
        Ok(self.get(name)?.is_some_and(|value| is_truthy(&value)))
    }

    /// All variables in order of definition.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter()
    }

    /// All names in order of definition.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|variable| variable.name.as_str())
    }

    /// How many variables there are.
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// All sensitive values, as written and as evaluated: what a masker has to hide.
    pub fn sensitive_values(&self) -> Vec<String> {
        let mut values = Vec::new();
        for variable in self.iter().filter(|variable| variable.sensitive) {
            values.push(variable.value.clone());
            if let Ok(Some(value)) = self.get(&variable.name)
                && value != variable.value
            {
                values.push(value);
            }
        }
        values
    }

    pub(crate) fn now(&self) -> Option<&ZonedDateTime> {
        self.now.as_ref()
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(crate) fn at(&self, position: usize) -> Option<&Variable> {
        self.variables.get(position)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(fold(name).as_ref()).copied()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for VariableSet {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut set = Self::new();
        for (name, value) in pairs {
            set.set(name, value);
        }
        set
    }
}
