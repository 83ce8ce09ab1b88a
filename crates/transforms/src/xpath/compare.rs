//! `=`, `!=`, `<` and the like. A set of nodes compares as soon as one node of it does.

use super::XPathError;
use super::evaluate::{Evaluator, Value};
use super::syntax::Operator;

impl Evaluator {
    pub(super) fn compare(
        &mut self,
        left: &Value<'_, '_>,
        operator: Operator,
        right: &Value<'_, '_>,
    ) -> Result<bool, XPathError> {
        // A boolean makes a boolean of a whole set, not of each node.
        let boolean = matches!(left, Value::Boolean(_)) || matches!(right, Value::Boolean(_));
        if boolean {
            let (left, right) = (left.boolean(), right.boolean());
            return self.single(&Value::Boolean(left), operator, &Value::Boolean(right));
        }
        let (left, right) = (self.alternatives(left)?, self.alternatives(right)?);
        for left in &left {
            for right in &right {
                self.spend(1)?;
                if self.single(left, operator, right)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The texts of the nodes, or the value itself.
    fn alternatives<'a, 'i>(
        &mut self,
        value: &Value<'a, 'i>,
    ) -> Result<Vec<Value<'a, 'i>>, XPathError> {
        match value {
            Value::Nodes(items) => items
                .iter()
                .map(|item| self.text(*item).map(Value::String))
                .collect(),
            value => Ok(vec![value.clone()]),
        }
    }

    /// Of values that are no sets.
    fn single(
        &mut self,
        left: &Value<'_, '_>,
        operator: Operator,
        right: &Value<'_, '_>,
    ) -> Result<bool, XPathError> {
        if let (Value::String(left), Value::String(right)) = (left, right) {
            self.spend(left.len().min(right.len()) / 16)?;
            match operator {
                Operator::Equal => return Ok(left == right),
                Operator::Different => return Ok(left != right),
                _ => {}
            }
        }
        let (left, right) = (self.number(left)?, self.number(right)?);
        Ok(match operator {
            Operator::Equal => left == right,
            Operator::Different => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            _ => left >= right,
        })
    }
}
