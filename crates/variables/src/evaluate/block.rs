//! Conditions, loops and calculations.

use std::rc::Rc;

use serde_json::Value;

use super::lookup::{Found, Frame, parse_json};
use super::{Evaluator, is_truthy};
use crate::EvaluateError;
use crate::template::{Condition, Each, Expression, Factor, Operand, Product, Sum, Test, fold};

impl Evaluator<'_> {
    pub(super) fn condition(
        &mut self,
        condition: &Condition,
        out: &mut String,
    ) -> Result<(), EvaluateError> {
        for (test, body) in &condition.branches {
            if self.test(test)? != condition.negated {
                return self.tokens(body, out);
            }
        }
        match &condition.otherwise {
            Some(body) => self.tokens(body, out),
            None => Ok(()),
        }
    }

    fn test(&mut self, test: &Test) -> Result<bool, EvaluateError> {
        Ok(match test {
            Test::Truthy(expression) => is_truthy(&self.or_empty(expression)?),
            Test::Equal(left, right) => self.operand(left)? == self.operand(right)?,
            Test::Different(left, right) => self.operand(left)? != self.operand(right)?,
        })
    }

    fn operand(&mut self, operand: &Operand) -> Result<String, EvaluateError> {
        match operand {
            Operand::Text(quoted) => Ok(quoted.text.clone()),
            Operand::Expression(expression) => self.or_empty(expression),
        }
    }

    /// In a condition what is missing is empty, and nothing to report.
    fn or_empty(&mut self, expression: &Expression) -> Result<String, EvaluateError> {
        let missing = self.missing.len();
        let value = self.expression(expression)?;
        self.missing.truncate(missing);
        Ok(value.unwrap_or_default())
    }

    pub(super) fn each(&mut self, each: &Each, out: &mut String) -> Result<(), EvaluateError> {
        let entries = self.entries(each)?;
        let count = entries.len();
        for (index, entry) in entries.into_iter().enumerate() {
            self.spend(1)?;
            self.frames.push(Frame {
                name: fold(&each.name).into_owned(),
                entry,
                index,
                last: index + 1 == count,
            });
            let done = self.tokens(&each.body, out);
            self.frames.pop();
            done?;
        }
        Ok(())
    }

    /// What a loop goes over. A collection that is not there has no entries.
    fn entries(&mut self, each: &Each) -> Result<Vec<Found>, EvaluateError> {
        let Some(found) = self.find(&each.collection)? else {
            return Ok(Vec::new());
        };
        if let Found::Node(node) = found {
            let entries = self.set.tree().entries(node);
            if !entries.is_empty() {
                return Ok(entries.iter().copied().map(Found::Node).collect());
            }
        }
        if let Found::Json(json) = &found
            && (json.is_array() || json.is_object())
        {
            return Ok(json_entries(json.as_ref().clone()));
        }
        let Some(text) = self.value(&found)? else {
            return Ok(Vec::new());
        };
        self.spend(text.len() as u64 / 64)?;
        Ok(match parse_json(&text) {
            Some(json) => json_entries(json),
            None => {
                let parts = text.split(',');
                parts.map(|part| Found::Text(part.to_owned())).collect()
            }
        })
    }

    /// The result as text; `None`: a name has no value or is no number, which is noted as missing.
    pub(super) fn calculation(&mut self, sum: &Sum) -> Result<Option<String>, EvaluateError> {
        Ok(self.sum(sum)?.map(number_text))
    }

    fn sum(&mut self, sum: &Sum) -> Result<Option<f64>, EvaluateError> {
        let mut total = self.product(&sum.first)?;
        for (minus, product) in &sum.rest {
            let value = self.product(product)?;
            total = total.zip(value).map(|(total, value)| match minus {
                true => total - value,
                false => total + value,
            });
        }
        Ok(total)
    }

    fn product(&mut self, product: &Product) -> Result<Option<f64>, EvaluateError> {
        let mut total = self.factor(&product.first)?;
        for (by, factor) in &product.rest {
            let value = self.factor(factor)?;
            total = total.zip(value).map(|(total, value)| match by {
                true => total / value,
                false => total * value,
            });
        }
        Ok(total)
    }

    fn factor(&mut self, factor: &Factor) -> Result<Option<f64>, EvaluateError> {
        self.spend(1)?;
        match factor {
            Factor::Number(number) => Ok(number.parse().ok()),
            Factor::Name { symbol, .. } => {
                let value = self.symbol(symbol)?;
                let number = value.and_then(|value| number(&value));
                if number.is_none() {
                    self.missing.push(symbol.to_string());
                }
                Ok(number)
            }
            Factor::Group(sum) => self.nested(|evaluator| evaluator.sum(sum)),
        }
    }
}

fn json_entries(json: Value) -> Vec<Found> {
    match json {
        Value::Array(array) => {
            let entries = array.into_iter();
            entries.map(|entry| Found::Json(Rc::new(entry))).collect()
        }
        Value::Object(object) => {
            let pairs = object.into_iter();
            pairs
                .map(|(key, value)| Found::Pair(key, Rc::new(value)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A decimal number, with an exponent or without; no words such as `inf`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.contains(|c: char| c.is_ascii_alphabetic() && !c.eq_ignore_ascii_case(&'e')) {
        return None;
    }
    text.parse().ok()
}

/// As .NET writes doubles: the shortest form, with an exponent from 1E+15 on and below 1E-05.
fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    let size = number.abs();
    if size == 0.0 || (1e-5..1e15).contains(&size) {
        return number.to_string();
    }
    let scientific = format!("{number:E}");
    let Some((digits, exponent)) = scientific.split_once('E') else {
        return scientific;
    };
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}E-{exponent:0>2}"),
        None => format!("{digits}E+{exponent:0>2}"),
    }
}
