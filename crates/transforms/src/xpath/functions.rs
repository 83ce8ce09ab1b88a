//! The functions.

use super::XPathError;
use super::evaluate::{Context, Evaluator, Value};
use super::item::Item;
use super::number;
use super::syntax::{Expression, Function};

impl Evaluator {
    pub(super) fn call<'a, 'i>(
        &mut self,
        function: Function,
        arguments: &[Expression],
        context: &Context<'a, 'i>,
    ) -> Result<Value<'a, 'i>, XPathError> {
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.value(argument, context)?);
        }
        Ok(match function {
            Function::Last => Value::Number(context.size as f64),
            Function::Position => Value::Number(context.position as f64),
            Function::True => Value::Boolean(true),
            Function::False => Value::Boolean(false),
            Function::Boolean => Value::Boolean(values.iter().any(Value::boolean)),
            Function::Not => Value::Boolean(!values.iter().any(Value::boolean)),
            Function::Count => Value::Number(nodes(values, context)?.len() as f64),
            Function::Sum => {
                let mut sum = 0.0;
                for item in nodes(values, context)? {
                    sum += number::from_text(&self.text(item)?);
                }
                Value::Number(sum)
            }
            Function::LocalName | Function::Name | Function::NamespaceUri => {
                let item = nodes(values, context)?.first().copied();
                let name = item.map_or("", |item| match function {
                    Function::LocalName => item.name().1,
                    Function::NamespaceUri => item.name().0,
                    _ => item.qualified_name(),
                });
                Value::String(name.to_owned())
            }
            Function::Ceiling | Function::Floor | Function::Number | Function::Round => {
                let number = match values.first() {
                    Some(value) => self.number(value)?,
                    None => number::from_text(&self.text(context.item)?),
                };
                Value::Number(match function {
                    Function::Ceiling => number.ceil(),
                    Function::Floor => number.floor(),
                    Function::Round => number::round(number),
                    _ => number,
                })
            }
            Function::Substring => {
                let mut values = values.iter();
                let text = self.text_or_own(values.next(), context)?;
                let start = values.next().map(|value| self.number(value));
                let length = values.next().map(|value| self.number(value));
                let (start, length) = (start.transpose()?, length.transpose()?);
                Value::String(substring(&text, start.unwrap_or(1.0), length))
            }
            _ => self.on_text(function, &values, context)?,
        })
    }

    /// Functions whose arguments are all texts.
    fn on_text<'a, 'i>(
        &mut self,
        function: Function,
        values: &[Value<'a, 'i>],
        context: &Context<'a, 'i>,
    ) -> Result<Value<'a, 'i>, XPathError> {
        let mut rest = values.iter();
        let first = self.text_or_own(rest.next(), context)?;
        let mut others = Vec::new();
        for value in rest {
            others.push(self.string(value)?);
        }
        let second = others.first().map_or("", String::as_str);
        Ok(match function {
            Function::Contains => Value::Boolean(first.contains(second)),
            Function::StartsWith => Value::Boolean(first.starts_with(second)),
            Function::StringLength => Value::Number(first.chars().count() as f64),
            Function::Concat => Value::String(first + &others.concat()),
            Function::NormalizeSpace => {
                let words: Vec<_> = first.split_ascii_whitespace().collect();
                Value::String(words.join(" "))
            }
            Function::SubstringBefore => {
                let parts = first.split_once(second);
                Value::String(parts.map_or("", |(before, _)| before).to_owned())
            }
            Function::SubstringAfter => {
                let parts = first.split_once(second);
                Value::String(parts.map_or("", |(_, after)| after).to_owned())
            }
            Function::Translate => {
                let to = others.get(1).map_or("", String::as_str);
                self.spend(first.len().saturating_mul(1 + second.len() / 16))?;
                let translated = first.chars().filter_map(|c| match find(second, c) {
                    Some(index) => to.chars().nth(index),
                    None => Some(c),
                });
                Value::String(translated.collect())
            }
            _ => Value::String(first),
        })
    }

    /// The text of an argument, or of the item in question if there is none.
    fn text_or_own(
        &mut self,
        value: Option<&Value<'_, '_>>,
        context: &Context<'_, '_>,
    ) -> Result<String, XPathError> {
        match value {
            Some(value) => self.string(value),
            None => self.text(context.item),
        }
    }
}

/// The nodes of the first argument, or the item in question.
fn nodes<'a, 'i>(
    values: Vec<Value<'a, 'i>>,
    context: &Context<'a, 'i>,
) -> Result<Vec<Item<'a, 'i>>, XPathError> {
    match values.into_iter().next() {
        Some(value) => value.nodes(),
        None => Ok(vec![context.item]),
    }
}

fn find(text: &str, wanted: char) -> Option<usize> {
    text.chars().position(|c| c == wanted)
}

/// Positions count from 1, and are rounded only after they were added.
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let start = number::round(start);
    let end = length.map_or(f64::INFINITY, |length| start + number::round(length));
    let inside = text.chars().zip(1u32..).filter(|(_, position)| {
        let position = f64::from(*position);
        position >= start && position < end
    });
    inside.map(|(c, _)| c).collect()
}
