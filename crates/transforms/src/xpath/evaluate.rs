//! Values of expressions.

use super::XPathError;
use super::axis;
use super::item::Item;
use super::number;
use super::syntax::{Axis, Expression, Operator, Path, Start, Step};

/// Visits of items and bytes of text that one evaluation may cost.
const MAX_STEPS: u64 = 5_000_000;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a, 'i> {
    /// In document order, each once.
    Nodes(Vec<Item<'a, 'i>>),
    Boolean(bool),
    Number(f64),
    String(String),
}

/// The item in question, and its place among those that are filtered.
#[derive(Clone, Copy)]
pub(super) struct Context<'a, 'i> {
    pub(super) item: Item<'a, 'i>,
    pub(super) position: usize,
    pub(super) size: usize,
}

pub(super) struct Evaluator {
    steps: u64,
}

impl Evaluator {
    pub(super) fn new() -> Self {
        Self { steps: MAX_STEPS }
    }

    /// The value of a whole expression.
    pub(super) fn evaluate<'a, 'i>(
        &mut self,
        expression: &Expression,
        item: Item<'a, 'i>,
    ) -> Result<Value<'a, 'i>, XPathError> {
        let context = Context {
            item,
            position: 1,
            size: 1,
        };
        self.value(expression, &context)
    }

    /// Notes what was spent.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), XPathError> {
        let left = self.steps.checked_sub(steps as u64);
        self.steps = left.ok_or(XPathError::TooManySteps(MAX_STEPS))?;
        Ok(())
    }

    pub(super) fn value<'a, 'i>(
        &mut self,
        expression: &Expression,
        context: &Context<'a, 'i>,
    ) -> Result<Value<'a, 'i>, XPathError> {
        self.spend(1)?;
        match expression {
            Expression::Literal(literal) => {
                self.spend(literal.len())?;
                Ok(Value::String(literal.clone()))
            }
            Expression::Number(number) => Ok(Value::Number(*number)),
            Expression::Negative(operand) => {
                let operand = self.value(operand, context)?;
                Ok(Value::Number(-self.number(&operand)?))
            }
            Expression::Call(function, arguments) => self.call(*function, arguments, context),
            Expression::Path(path) => Ok(Value::Nodes(self.path(path, context)?)),
            Expression::Chain(first, rest) => {
                let mut value = self.value(first, context)?;
                for (operator, operand) in rest {
                    value = self.operation(value, *operator, operand, context)?;
                }
                Ok(value)
            }
        }
    }

    fn operation<'a, 'i>(
        &mut self,
        left: Value<'a, 'i>,
        operator: Operator,
        right: &Expression,
        context: &Context<'a, 'i>,
    ) -> Result<Value<'a, 'i>, XPathError> {
        // The right side is not looked at if the left one decides.
        match (operator, left.boolean()) {
            (Operator::Or, true) => return Ok(Value::Boolean(true)),
            (Operator::And, false) => return Ok(Value::Boolean(false)),
            _ => {}
        }
        let right = self.value(right, context)?;
        let calculation = match operator {
            Operator::Or | Operator::And => return Ok(Value::Boolean(right.boolean())),
            Operator::Union => {
                let mut nodes = left.nodes()?;
                nodes.extend(right.nodes()?);
                return Ok(Value::Nodes(self.sorted(nodes)?));
            }
            Operator::Equal
            | Operator::Different
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => {
                return Ok(Value::Boolean(self.compare(&left, operator, &right)?));
            }
            Operator::Plus => |a, b| a + b,
            Operator::Minus => |a, b| a - b,
            Operator::Times => |a, b| a * b,
            Operator::Divide => |a, b| a / b,
            Operator::Remainder => |a: f64, b| a % b,
        };
        let (left, right) = (self.number(&left)?, self.number(&right)?);
        Ok(Value::Number(calculation(left, right)))
    }

    fn path<'a, 'i>(
        &mut self,
        path: &Path,
        context: &Context<'a, 'i>,
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        let mut items = match &path.start {
            Start::Here => vec![context.item],
            Start::Root => vec![Item::Node(context.item.node().document().root())],
            Start::Nodes(expression, predicates) => {
                let mut items = self.value(expression, context)?.nodes()?;
                for predicate in predicates {
                    items = self.filter(predicate, items)?;
                }
                items
            }
        };
        for step in &path.steps {
            items = self.step(step, &items)?;
        }
        Ok(items)
    }

    fn step<'a, 'i>(
        &mut self,
        step: &Step,
        from: &[Item<'a, 'i>],
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        let mut all = Vec::new();
        for item in from {
            let mut found = Vec::new();
            for candidate in axis::items(*item, step.axis) {
                self.spend(1)?;
                if step.test.matches(candidate, step.axis) {
                    found.push(candidate);
                }
            }
            for predicate in &step.predicates {
                found = self.filter(predicate, found)?;
            }
            all.append(&mut found);
        }
        match (from.len(), step.axis) {
            (1, Axis::Child | Axis::Attribute | Axis::Descendant) => Ok(all),
            _ => self.sorted(all),
        }
    }

    /// Those of the items that a predicate holds for; a number holds for its position.
    pub(super) fn filter<'a, 'i>(
        &mut self,
        predicate: &Expression,
        items: Vec<Item<'a, 'i>>,
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        let size = items.len();
        let mut kept = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let context = Context {
                item,
                position: index + 1,
                size,
            };
            let holds = match self.value(predicate, &context)? {
                Value::Number(number) => number == context.position as f64,
                value => value.boolean(),
            };
            if holds {
                kept.push(item);
            }
        }
        Ok(kept)
    }

    /// In document order, each once.
    fn sorted<'a, 'i>(
        &mut self,
        mut items: Vec<Item<'a, 'i>>,
    ) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        self.spend(items.len())?;
        items.sort_by_key(|item| item.order());
        items.dedup_by_key(|item| item.order());
        Ok(items)
    }

    /// The text of an item: of all text in it, for an element.
    pub(super) fn text(&mut self, item: Item<'_, '_>) -> Result<String, XPathError> {
        let mut out = String::new();
        match item {
            Item::Attribute(..) => {
                out.push_str(item.attribute().map_or("", |attribute| attribute.value()));
            }
            Item::Node(node) => match node.pi() {
                Some(pi) => out.push_str(pi.value.unwrap_or_default()),
                None if node.is_comment() => out.push_str(node.text().unwrap_or_default()),
                None => {
                    for node in node.descendants() {
                        self.spend(1)?;
                        if node.is_text() {
                            let text = node.text().unwrap_or_default();
                            self.spend(text.len())?;
                            out.push_str(text);
                        }
                    }
                    return Ok(out);
                }
            },
        }
        self.spend(out.len())?;
        Ok(out)
    }

    pub(super) fn string(&mut self, value: &Value<'_, '_>) -> Result<String, XPathError> {
        Ok(match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number::to_text(*number),
            Value::Boolean(boolean) => boolean.to_string(),
            Value::Nodes(items) => match items.first() {
                Some(item) => self.text(*item)?,
                None => String::new(),
            },
        })
    }

    pub(super) fn number(&mut self, value: &Value<'_, '_>) -> Result<f64, XPathError> {
        Ok(match value {
            Value::Number(number) => *number,
            Value::Boolean(boolean) => f64::from(u8::from(*boolean)),
            Value::String(_) | Value::Nodes(_) => number::from_text(&self.string(value)?),
        })
    }
}

impl<'a, 'i> Value<'a, 'i> {
    pub(super) fn boolean(&self) -> bool {
        match self {
            Value::Nodes(items) => !items.is_empty(),
            Value::Boolean(boolean) => *boolean,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::String(text) => !text.is_empty(),
        }
    }

    pub(super) fn nodes(self) -> Result<Vec<Item<'a, 'i>>, XPathError> {
        match self {
            Value::Nodes(items) => Ok(items),
            value => Err(XPathError::NoNodes(value.kind())),
        }
    }

    /// For messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Nodes(_) => "set of nodes",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
        }
    }
}
