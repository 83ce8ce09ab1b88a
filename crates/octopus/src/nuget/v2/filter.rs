//! `$filter`: the part of OData's expressions that NuGet clients write.

mod parse;
#[cfg(test)]
mod tests;

use nupkg::NuGetVersion;

use super::property::{Kind, Property, Value};
use crate::nuget::catalog::Entry;

/// A condition whose parts fit each other: it holds or not for every package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Is(Operand),
    Compare(Operand, Comparison, Operand),
    Text(Test, Operand, Operand),
}

/// Something with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Property(Property),
    Text(String),
    Version(NuGetVersion),
    Flag(bool),
    Moment(i64),
    Number(i64),
}

/// `eq` and its kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// What a text is looked at for, without case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Contains,
    StartsWith,
    EndsWith,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// One sentence: what is not understood, and what is.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        parse::filter(text).map_err(|what| format!("$filter can't be read: {what}."))
    }

    /// Whether it holds.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(entry)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(entry)),
            Self::Not(part) => !part.holds(entry),
            Self::Is(flag) => matches!(flag.value(entry), Value::Flag(true)),
            Self::Compare(left, comparison, right) => {
                let order = left.value(entry).order(right.value(entry));
                order.is_some_and(|order| match comparison {
                    Comparison::Eq => order.is_eq(),
                    Comparison::Ne => order.is_ne(),
                    Comparison::Gt => order.is_gt(),
                    Comparison::Ge => order.is_ge(),
                    Comparison::Lt => order.is_lt(),
                    Comparison::Le => order.is_le(),
                })
            }
            Self::Text(test, whole, part) => {
                let (whole, part) = (whole.lower(entry), part.lower(entry));
                match test {
                    Test::Contains => whole.contains(&part),
                    Test::StartsWith => whole.starts_with(&part),
                    Test::EndsWith => whole.ends_with(&part),
                }
            }
        }
    }
}

impl Operand {
    fn kind(&self) -> Kind {
        match self {
            Self::Property(property) => property.kind(),
            Self::Text(_) => Kind::Text,
            Self::Version(_) => Kind::Version,
            Self::Flag(_) => Kind::Flag,
            Self::Moment(_) => Kind::Moment,
            Self::Number(_) => Kind::Number,
        }
    }

    fn value<'a>(&'a self, entry: &'a Entry) -> Value<'a> {
        match self {
            Self::Property(property) => property.of(entry),
            Self::Text(text) => Value::Text(text),
            Self::Version(version) => Value::Version(version),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Moment(moment) => Value::Moment(*moment),
            Self::Number(number) => Value::Number(*number),
        }
    }

    fn lower(&self, entry: &Entry) -> String {
        match self.value(entry) {
            Value::Text(text) => text.to_lowercase(),
            Value::Version(version) => version.to_string().to_lowercase(),
            Value::Flag(_) | Value::Moment(_) | Value::Number(_) => String::new(),
        }
    }
}
