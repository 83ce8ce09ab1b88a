//! XPath 1.0 over roxmltree, whose nodes know where they stand in the source.
//!
//! All of the language but the namespace axis, variables (`$x`), and the functions `id` and
//! `lang`. The time that an expression may take is limited, and so are its length and depth.

mod axis;
mod compare;
mod evaluate;
mod functions;
mod item;
mod lexer;
mod number;
mod parser;
mod syntax;
#[cfg(test)]
mod tests;

use thiserror::Error;

use self::evaluate::{Evaluator, Value};
pub(crate) use self::item::Item;
use self::syntax::Expression;

/// An expression, ready to be evaluated any number of times.
#[derive(Debug)]
pub(crate) struct XPath(Expression);

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum XPathError {
    /// The text is no XPath.
    #[error("`{expression}` is no XPath: character {position}: {message}")]
    Syntax {
        /// The whole text.
        expression: String,
        /// In characters, from 1.
        position: usize,
        /// What is wrong there.
        message: String,
    },
    /// It gives a number, a string or a boolean where nodes are needed.
    #[error("the XPath selects no nodes but gives a {0}; write a path")]
    NoNodes(&'static str),
    /// It is too expensive for this document.
    #[error("the XPath takes more than {0} steps; write a narrower one")]
    TooManySteps(u64),
}

impl XPath {
    /// Reads an expression, with the namespaces of its prefixes.
    pub(crate) fn parse(
        expression: &str,
        namespace: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, XPathError> {
        parser::parse(expression, namespace).map(Self)
    }

    /// What it selects, seen from an item, in document order.
    pub(crate) fn select<'a, 'i>(
        &self,
        from: Item<'a, 'i>,
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        match Evaluator::new().evaluate(&self.0, from)? {
            Value::Nodes(items) => Ok(items),
            value => Err(XPathError::NoNodes(value.kind())),
        }
    }

    /// Those of `items`, which are siblings in order, that it holds for: as in `items[…]`.
    pub(crate) fn filter<'a, 'i>(
        &self,
        items: Vec<Item<'a, 'i>>,
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        Evaluator::new().filter(&self.0, items)
    }
}
