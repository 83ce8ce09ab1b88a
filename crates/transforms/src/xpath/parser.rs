//! From tokens to an expression.

use super::XPathError;
use super::lexer::{Token, tokens};
use super::syntax::{AXES, Axis, Expression, FUNCTIONS, Operator, Path, Start, Step, Test};

/// Bytes that an expression may have.
const MAX_LENGTH: usize = 16 * 1024;

/// How deep parentheses and predicates may be nested.
const MAX_DEPTH: usize = 24;

type Namespaces<'n> = &'n dyn Fn(&str) -> Option<String>;

/// Where, and what is wrong there.
type Failure = (usize, String);

/// Reads a whole expression.
pub(super) fn parse(source: &str, namespaces: Namespaces<'_>) -> Result<Expression, XPathError> {
    let expression = match source.len() {
        0..=MAX_LENGTH => whole(source, namespaces),
        _ => Err((MAX_LENGTH, format!("longer than {MAX_LENGTH} bytes"))),
    };
    expression.map_err(|(offset, message)| XPathError::Syntax {
        expression: source.chars().take(200).collect(),
        position: 1 + source.get(..offset).unwrap_or(source).chars().count(),
        message,
    })
}

fn whole(source: &str, namespaces: Namespaces<'_>) -> Result<Expression, Failure> {
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
        namespaces,
    };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.failure("expected an operator or the end")),
    }
}

/// Operators by precedence, the weakest first.
const LEVELS: &[&[Operator]] = &[
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::Different],
    &[
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ],
    &[Operator::Plus, Operator::Minus],
    &[Operator::Times, Operator::Divide, Operator::Remainder],
];

struct Parser<'s, 'n> {
    tokens: Vec<(Token<'s>, usize)>,
    at: usize,
    depth: usize,
    namespaces: Namespaces<'n>,
}

impl<'s> Parser<'s, '_> {
    fn ahead(&self, tokens: usize) -> Token<'s> {
        let token = self.tokens.get(self.at + tokens);
        token.map_or(Token::End, |(token, _)| *token)
    }

    fn peek(&self) -> Token<'s> {
        self.ahead(0)
    }

    fn eat(&mut self, wanted: Token<'_>) -> bool {
        let found = self.peek() == wanted;
        self.at += usize::from(found);
        found
    }

    fn failure(&self, message: impl Into<String>) -> Failure {
        let offset = self.tokens.get(self.at).map_or(0, |(_, offset)| *offset);
        (offset, message.into())
    }

    fn expect(&mut self, mark: char) -> Result<(), Failure> {
        match self.eat(Token::Mark(mark)) {
            true => Ok(()),
            false => Err(self.failure(format!("expected `{mark}`"))),
        }
    }

    fn expression(&mut self) -> Result<Expression, Failure> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.failure(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let expression = self.level(LEVELS);
        self.depth -= 1;
        expression
    }

    fn level(&mut self, levels: &[&[Operator]]) -> Result<Expression, Failure> {
        let Some((operators, tighter)) = levels.split_first() else {
            return self.negative();
        };
        let first = self.level(tighter)?;
        let mut rest = Vec::new();
        while let Token::Operator(operator) = self.peek()
            && operators.contains(&operator)
        {
            self.at += 1;
            rest.push((operator, self.level(tighter)?));
        }
        Ok(chain(first, rest))
    }

    fn negative(&mut self) -> Result<Expression, Failure> {
        let mut signs = 0;
        while self.eat(Token::Operator(Operator::Minus)) {
            signs += 1;
        }
        let operand = self.union()?;
        // Two signs still make a number of it.
        let twice = |operand| Expression::Negative(Box::new(operand));
        Ok(match signs {
            0 => operand,
            odd if odd % 2 == 1 => twice(operand),
            _ => twice(twice(operand)),
        })
    }

    fn union(&mut self) -> Result<Expression, Failure> {
        let first = self.path()?;
        let mut rest = Vec::new();
        while self.eat(Token::Operator(Operator::Union)) {
            rest.push((Operator::Union, self.path()?));
        }
        Ok(chain(first, rest))
    }

    fn path(&mut self) -> Result<Expression, Failure> {
        let start = match self.peek() {
            Token::Slash => {
                self.at += 1;
                let mut steps = Vec::new();
                if self.at_step() {
                    steps = self.steps()?;
                }
                let start = Start::Root;
                return Ok(Expression::Path(Path { start, steps }));
            }
            Token::DoubleSlash => Start::Root,
            _ if self.at_step() => {
                let (start, steps) = (Start::Here, self.steps()?);
                return Ok(Expression::Path(Path { start, steps }));
            }
            _ => {
                let operand = self.operand()?;
                let predicates = self.predicates()?;
                let more = matches!(self.peek(), Token::Slash | Token::DoubleSlash);
                if predicates.is_empty() && !more {
                    return Ok(operand);
                }
                Start::Nodes(Box::new(operand), predicates)
            }
        };
        let mut steps = Vec::new();
        self.more_steps(&mut steps)?;
        Ok(Expression::Path(Path { start, steps }))
    }

    /// Whether a step begins here, rather than a value or a call.
    fn at_step(&self) -> bool {
        match self.peek() {
            Token::Wildcard(_) | Token::Mark('@') | Token::Dot | Token::DoubleDot => true,
            Token::Name("", name) => self.ahead(1) != Token::Mark('(') || is_node_type(name),
            Token::Name(..) => true,
            _ => false,
        }
    }

    fn steps(&mut self) -> Result<Vec<Step>, Failure> {
        let mut steps = vec![self.step()?];
        self.more_steps(&mut steps)?;
        Ok(steps)
    }

    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Result<(), Failure> {
        loop {
            if self.eat(Token::DoubleSlash) {
                steps.push(Step::of(Axis::DescendantOrSelf));
            } else if !self.eat(Token::Slash) {
                return Ok(());
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Step, Failure> {
        if self.eat(Token::Dot) {
            return Ok(Step::of(Axis::Itself));
        }
        if self.eat(Token::DoubleDot) {
            return Ok(Step::of(Axis::Parent));
        }
        let axis = self.axis()?;
        Ok(Step {
            axis,
            test: self.test(axis)?,
            predicates: self.predicates()?,
        })
    }

    fn axis(&mut self) -> Result<Axis, Failure> {
        if self.eat(Token::Mark('@')) {
            return Ok(Axis::Attribute);
        }
        match (self.peek(), self.ahead(1)) {
            (Token::Name("", name), Token::DoubleColon) => {
                let axis = AXES.iter().find(|(known, _)| *known == name);
                let (_, axis) =
                    axis.ok_or_else(|| self.failure(format!("there is no axis `{name}`")))?;
                self.at += 2;
                Ok(*axis)
            }
            _ => Ok(Axis::Child),
        }
    }

    fn test(&mut self, axis: Axis) -> Result<Test, Failure> {
        let test = match self.peek() {
            Token::Wildcard("") => Test::Named,
            Token::Wildcard(prefix) => Test::Namespace(self.namespace(prefix)?),
            Token::Name("", name) if self.ahead(1) == Token::Mark('(') => {
                return self.node_type(name);
            }
            Token::Name(prefix, local) => Test::Name {
                namespace: self.namespace(prefix)?,
                local: local.to_owned(),
            },
            _ if axis == Axis::Attribute => {
                return Err(self.failure("expected the name of an attribute"));
            }
            _ => return Err(self.failure("expected the name of an element")),
        };
        self.at += 1;
        Ok(test)
    }

    fn node_type(&mut self, name: &str) -> Result<Test, Failure> {
        let mut test = match name {
            "node" => Test::Any,
            "text" => Test::Text,
            "comment" => Test::Comment,
            "processing-instruction" => Test::Instruction(None),
            _ => return Err(self.failure(format!("a path has no place for `{name}()`"))),
        };
        self.at += 1;
        self.expect('(')?;
        if let (Test::Instruction(target), Token::Literal(literal)) = (&mut test, self.peek()) {
            *target = Some(literal.to_owned());
            self.at += 1;
        }
        self.expect(')')?;
        Ok(test)
    }

    fn namespace(&self, prefix: &str) -> Result<String, Failure> {
        if prefix.is_empty() {
            return Ok(String::new());
        }
        (self.namespaces)(prefix)
            .ok_or_else(|| self.failure(format!("the prefix `{prefix}` is not declared")))
    }

    fn predicates(&mut self) -> Result<Vec<Expression>, Failure> {
        let mut predicates = Vec::new();
        while self.eat(Token::Mark('[')) {
            predicates.push(self.expression()?);
            self.expect(']')?;
        }
        Ok(predicates)
    }

    fn operand(&mut self) -> Result<Expression, Failure> {
        let operand = match self.peek() {
            Token::Literal(literal) => Expression::Literal(literal.to_owned()),
            Token::Number(number) => Expression::Number(number),
            Token::Mark('(') => {
                self.at += 1;
                let expression = self.expression()?;
                self.expect(')')?;
                return Ok(expression);
            }
            Token::Name("", name) => return self.call(name),
            _ => return Err(self.failure("expected a path or a value")),
        };
        self.at += 1;
        Ok(operand)
    }

    fn call(&mut self, name: &str) -> Result<Expression, Failure> {
        let function = FUNCTIONS.iter().find(|(known, ..)| *known == name);
        let Some((_, function, least, most)) = function else {
            return Err(self.failure(format!("there is no function `{name}()`")));
        };
        let place = self.failure(format!("`{name}()` takes another number of arguments"));
        self.at += 1;
        self.expect('(')?;
        let mut arguments = Vec::new();
        if !self.eat(Token::Mark(')')) {
            arguments.push(self.expression()?);
            while self.eat(Token::Mark(',')) {
                arguments.push(self.expression()?);
            }
            self.expect(')')?;
        }
        match (*least..=*most).contains(&arguments.len()) {
            true => Ok(Expression::Call(*function, arguments)),
            false => Err(place),
        }
    }
}

impl Step {
    fn of(axis: Axis) -> Self {
        Step {
            axis,
            test: Test::Any,
            predicates: Vec::new(),
        }
    }
}

fn chain(first: Expression, rest: Vec<(Operator, Expression)>) -> Expression {
    match rest.is_empty() {
        true => first,
        false => Expression::Chain(Box::new(first), rest),
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "node" | "text" | "comment" | "processing-instruction")
}
