//! Evaluation of templates against a set of variables.

mod block;
mod lookup;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use self::lookup::Frame;
use crate::filters::{self, Filtered};
use crate::template::{self, Argument, Expression, Token};
use crate::tree::NodeId;
use crate::{EvaluateError, VariableSet};

/// Levels of variables, blocks and arguments together. Small enough for a stack of 1 MiB.
const MAX_DEPTH: usize = 100;
/// Bytes of a result, and of any value on the way to it.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// Tokens, lookups and entries that one evaluation may visit.
const MAX_STEPS: u64 = 1_000_000;

/// What became of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The result. Parts without a value stay as they were, in normal form (`#{Name | Filter}`).
    /// The template itself if it has an error; empty if the result is [null](Self::is_null).
    pub text: String,
    /// Names of symbols that have no value, in order, each once. For a filter that
    /// gave no value, the symbol with its filters.
    pub missing: Vec<String>,
    /// Why the template, or a part of it in the lenient mode, was left as it is.
    pub error: Option<EvaluateError>,
    /// The filter `Null` was met: what is set to this result is to be absent.
    pub is_null: bool,
}

/// Whether a value counts as true: not empty, not `0`, and not `no` or `false`
/// in any case, with or without white space around it.
pub fn is_truthy(value: &str) -> bool {
    let word = value.trim();
    !value.is_empty()
        && value != "0"
        && !word.eq_ignore_ascii_case("no")
        && !word.eq_ignore_ascii_case("false")
}

/// One evaluation, with its scopes and limits.
pub(crate) struct Evaluator<'a> {
    set: &'a VariableSet,
    lenient: bool,
    frames: Vec<Frame>,
    /// Variables that are being evaluated, outermost first, by position in the set.
    chain: Vec<usize>,
    depth: usize,
    steps: u64,
    missing: Vec<String>,
    is_null: bool,
    error: Option<EvaluateError>,
    /// Values that are JSON as they are written.
    json: HashMap<NodeId, Option<Rc<serde_json::Value>>>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(set: &'a VariableSet, lenient: bool) -> Self {
        Self {
            set,
            lenient,
            frames: Vec::new(),
            chain: Vec::new(),
            depth: 0,
            steps: 0,
            missing: Vec::new(),
            is_null: false,
            error: None,
            json: HashMap::new(),
        }
    }

    pub(crate) fn template(mut self, template: &str) -> Evaluation {
        let result = self.text(template);
        let text = match result {
            Ok(_) if self.is_null => String::new(),
            Ok(text) => text,
            Err(error) => {
                self.missing.clear();
                self.error = Some(error);
                template.to_owned()
            }
        };
        let mut seen = HashSet::new();
        self.missing.retain(|name| seen.insert(name.clone()));
        Evaluation {
            text,
            missing: self.missing,
            error: self.error,
            is_null: self.is_null,
        }
    }

    /// The value of the variable at a position of the set.
    pub(crate) fn variable(mut self, position: usize) -> Result<Option<String>, EvaluateError> {
        let value = self.value_at(position)?;
        Ok((!self.is_null).then_some(value))
    }

    fn value_at(&mut self, position: usize) -> Result<String, EvaluateError> {
        let set = self.set;
        let Some(variable) = set.at(position) else {
            return Ok(String::new());
        };
        if self.chain.contains(&position) {
            let repeated = self.chain.iter().skip_while(|at| **at != position);
            let names = repeated.chain([&position]).filter_map(|at| set.at(*at));
            return Err(EvaluateError::Cycle {
                chain: names.map(|variable| variable.name.clone()).collect(),
            });
        }
        self.chain.push(position);
        let outer_error = self.error.take();
        let value = self.nested(|evaluator| evaluator.text(&variable.value));
        // How a variable's own text parses is no mistake of whoever uses the variable.
        self.error = outer_error;
        self.chain.pop();
        value
    }

    /// Evaluates text that may hold `#{`.
    fn text(&mut self, text: &str) -> Result<String, EvaluateError> {
        self.spend(1 + text.len() as u64 / 256)?;
        if !text.contains('#') {
            return Ok(text.to_owned());
        }
        let tokens = if self.lenient {
            let (tokens, error) = template::parse_lenient(text);
            self.error = error.map(EvaluateError::Parse);
            tokens
        } else {
            match template::parse(text) {
                Ok(tokens) => tokens,
                Err(error) => {
                    self.error = Some(error.into());
                    return Ok(text.to_owned());
                }
            }
        };
        let mut out = String::with_capacity(text.len());
        self.tokens(&tokens, &mut out)?;
        Ok(out)
    }

    fn tokens(&mut self, tokens: &[Token], out: &mut String) -> Result<(), EvaluateError> {
        for token in tokens {
            self.spend(1)?;
            let start = out.len();
            let done = match token {
                Token::Text(text) => {
                    out.push_str(text);
                    Ok(())
                }
                token => self.nested(|evaluator| evaluator.token(token, out)),
            };
            match done {
                Err(error @ (EvaluateError::Cycle { .. } | EvaluateError::TooDeep { .. }))
                    if self.lenient && self.chain.is_empty() =>
                {
                    self.error.get_or_insert(error);
                    out.truncate(start);
                    out.push_str(&token.to_string());
                }
                done => done?,
            }
            if out.len() > MAX_BYTES {
                return Err(too_large());
            }
        }
        Ok(())
    }

    fn token(&mut self, token: &Token, out: &mut String) -> Result<(), EvaluateError> {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Substitution(expression) => match self.expression(expression)? {
                Some(value) => out.push_str(&value),
                None => out.push_str(&token.to_string()),
            },
            Token::Condition(condition) => self.condition(condition, out)?,
            Token::Each(each) => self.each(each, out)?,
            Token::Calculation(sum) => match self.calculation(sum)? {
                Some(value) => out.push_str(&value),
                None => out.push_str(&token.to_string()),
            },
        }
        Ok(())
    }

    /// The value of a symbol after its filters. `None`: noted as missing.
    fn expression(&mut self, expression: &Expression) -> Result<Option<String>, EvaluateError> {
        let mut value = None;
        if let Some(symbol) = &expression.symbol {
            value = self.symbol(symbol)?;
            if value.is_none() {
                self.is_null |= expression.filters.iter().any(|f| filters::is_null(&f.name));
                self.missing.push(symbol.to_string());
                return Ok(None);
            }
        }
        for filter in &expression.filters {
            self.spend(filters::cost(&filter.name))?;
            let mut arguments = Vec::new();
            for argument in &filter.arguments {
                match self.argument(argument)? {
                    Some(argument) => arguments.push(argument),
                    None => return Ok(None),
                }
            }
            match filters::apply(&filter.name, value.as_deref(), &arguments, self.set.now()) {
                Filtered::Value(text) if text.len() > MAX_BYTES => return Err(too_large()),
                Filtered::Value(text) => {
                    self.spend(text.len() as u64 / 256)?;
                    value = Some(text);
                }
                Filtered::Null => {
                    self.is_null = true;
                    return Ok(Some(String::new()));
                }
                Filtered::Nothing => {
                    self.missing.push(expression.to_string());
                    return Ok(None);
                }
            }
        }
        Ok(value)
    }

    fn argument(&mut self, argument: &Argument) -> Result<Option<String>, EvaluateError> {
        match argument {
            Argument::Word(word) => Ok(Some(word.clone())),
            Argument::Quoted(quoted) => Ok(Some(quoted.text.clone())),
            Argument::Token(Token::Substitution(expression)) => {
                self.nested(|evaluator| evaluator.expression(expression))
            }
            Argument::Token(Token::Calculation(sum)) => {
                self.nested(|evaluator| evaluator.calculation(sum))
            }
            Argument::Token(token) => {
                let mut out = String::new();
                self.nested(|evaluator| evaluator.token(token, &mut out))?;
                Ok(Some(out))
            }
        }
    }

    /// Does something one level deeper.
    fn nested<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, EvaluateError>,
    ) -> Result<T, EvaluateError> {
        if self.depth >= MAX_DEPTH {
            return Err(EvaluateError::TooDeep { limit: MAX_DEPTH });
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    fn spend(&mut self, steps: u64) -> Result<(), EvaluateError> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            return Err(too_large());
        }
        Ok(())
    }
}

fn too_large() -> EvaluateError {
    EvaluateError::TooLarge { limit: MAX_BYTES }
}
