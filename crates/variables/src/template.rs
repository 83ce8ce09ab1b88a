//! Templates as trees, read from text by [`parse`] and written back by `Display`.

mod block;
mod calculation;
mod parse;
mod print;
mod symbol;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use parse::{parse, parse_lenient, parse_name};

/// How deep blocks, arguments and lookups may be nested in one template.
pub(crate) const MAX_DEPTH: usize = 64;

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// Text to copy, without escapes.
    Text(String),
    Substitution(Expression),
    Condition(Condition),
    Each(Each),
    Calculation(Sum),
}

/// A symbol and the filters that its value goes through.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    /// Absent in `#{ | NowDate}`.
    pub(crate) symbol: Option<Symbol>,
    pub(crate) filters: Vec<FilterCall>,
}

/// A path to a value: `Package[#{Name}].Version`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Symbol {
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// `.name`, or the first name.
    Name(String),
    /// `[text]`; `*` is the first entry.
    Index(String),
    /// `[#{symbol}]`.
    Lookup(Symbol),
}

impl Step {
    pub(crate) fn is_lookup(&self) -> bool {
        matches!(self, Self::Lookup(_))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FilterCall {
    /// As written; filters are found without case.
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Argument {
    Word(String),
    Quoted(Quoted),
    Token(Token),
}

/// A literal; how it was quoted is kept, so that it can stay as it was in a JSON file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quoted {
    pub(crate) text: String,
    /// `\"text\"` instead of `"text"`.
    pub(crate) escaped: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// `unless` instead of `if`.
    pub(crate) negated: bool,
    /// The first test and each `elseif`.
    pub(crate) branches: Vec<(Test, Vec<Token>)>,
    pub(crate) otherwise: Option<Vec<Token>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Truthy(Expression),
    Equal(Operand, Operand),
    Different(Operand, Operand),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Text(Quoted),
    Expression(Expression),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Each {
    pub(crate) name: String,
    pub(crate) collection: Symbol,
    pub(crate) body: Vec<Token>,
}

/// Products that are added (`false`) or subtracted (`true`). Flat, so that a long sum is not deep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sum {
    pub(crate) first: Product,
    pub(crate) rest: Vec<(bool, Product)>,
}

/// Factors that are multiplied (`false`) or divided by (`true`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Product {
    pub(crate) first: Factor,
    pub(crate) rest: Vec<(bool, Factor)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Factor {
    /// Digits as written, which `f64` can read.
    Number(String),
    Name {
        symbol: Symbol,
        /// `{D-E}` instead of `D`.
        braced: bool,
    },
    Group(Box<Sum>),
}

/// The form in which names are compared.
pub(crate) fn fold(name: &str) -> Cow<'_, str> {
    if !name.is_ascii() {
        return Cow::Owned(name.to_lowercase());
    }
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}
