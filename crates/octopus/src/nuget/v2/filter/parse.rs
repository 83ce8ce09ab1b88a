//! From the words of a filter to a condition, by recursive descent.

use std::{iter::Peekable, vec::IntoIter};

use super::{Comparison, Filter, Operand, Test};
use crate::nuget::v2::{
    lexer::{Token, tokens},
    property::{Kind, Property},
};

/// How deep parentheses, `not` and functions may be nested: no client comes near, and the
/// stack is finite.
const MAX_DEPTH: usize = 32;

/// Reads all of a filter; an error is one sentence without its end.
pub(super) fn filter(text: &str) -> Result<Filter, String> {
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        depth: 0,
    };
    let filter = parser.any()?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some(token) => Err(format!("`{token}` stands where the filter should end")),
    }
}

struct Parser {
    tokens: Peekable<IntoIter<Token>>,
    depth: usize,
}

type Parsed<T> = Result<T, String>;

impl Parser {
    /// `… or …`, which binds least.
    fn any(&mut self) -> Parsed<Filter> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Filter::Any))
    }

    fn all(&mut self) -> Parsed<Filter> {
        let first = self.condition()?;
        let mut parts = vec![first];
        while self.takes("and") {
            parts.push(self.condition()?);
        }
        Ok(joined(parts, Filter::All))
    }

    fn condition(&mut self) -> Parsed<Filter> {
        self.nested(|parser| {
            if parser.takes("not") {
                return Ok(Filter::Not(Box::new(parser.condition()?)));
            }
            if parser.tokens.next_if_eq(&Token::Open).is_some() {
                let inside = parser.any()?;
                parser.expect(&Token::Close)?;
                return Ok(inside);
            }
            if let Some(test) = parser.text_test() {
                return parser.text_condition(test);
            }
            parser.comparison()
        })
    }

    fn text_test(&mut self) -> Option<&'static str> {
        let names = ["substringof", "startswith", "endswith"];
        names.into_iter().find(|name| self.takes(name))
    }

    fn text_condition(&mut self, name: &str) -> Parsed<Filter> {
        self.expect(&Token::Open)?;
        let first = self.operand()?;
        self.expect(&Token::Comma)?;
        let second = self.operand()?;
        self.expect(&Token::Close)?;
        for operand in [&first, &second] {
            if !matches!(operand.kind(), Kind::Text | Kind::Version) {
                let kind = operand.kind().name();
                return Err(format!("{name} takes two texts, not {kind}"));
            }
        }
        let condition = match name {
            // The part comes first here only.
            "substringof" => Filter::Text(Test::Contains, second, first),
            "startswith" => Filter::Text(Test::StartsWith, first, second),
            _ => Filter::Text(Test::EndsWith, first, second),
        };
        self.is_true(condition)
    }

    /// Some clients write `… eq true` behind what is true or false already.
    fn is_true(&mut self, condition: Filter) -> Parsed<Filter> {
        let Some(comparison) = self.comparison_operator() else {
            return Ok(condition);
        };
        match (comparison, self.operand()?) {
            (Comparison::Eq, Operand::Flag(true)) | (Comparison::Ne, Operand::Flag(false)) => {
                Ok(condition)
            }
            (Comparison::Eq | Comparison::Ne, Operand::Flag(_)) => {
                Ok(Filter::Not(Box::new(condition)))
            }
            _ => Err("a condition can be compared only with `eq true` or `eq false`".to_owned()),
        }
    }

    fn comparison(&mut self) -> Parsed<Filter> {
        let left = self.operand()?;
        let Some(comparison) = self.comparison_operator() else {
            return match left.kind() {
                Kind::Flag => Ok(Filter::Is(left)),
                kind => Err(format!("{} alone is no condition", kind.name())),
            };
        };
        let right = self.operand()?;
        let (left, right) = (versioned(left, &right)?, right);
        let right = versioned(right, &left)?;
        if left.kind() != right.kind() {
            let (left, right) = (left.kind().name(), right.kind().name());
            return Err(format!("{left} can't be compared with {right}"));
        }
        let is_ordered = !matches!(comparison, Comparison::Eq | Comparison::Ne);
        if left.kind() == Kind::Flag && is_ordered {
            return Err("true and false have no order".to_owned());
        }
        Ok(Filter::Compare(left, comparison, right))
    }

    fn comparison_operator(&mut self) -> Option<Comparison> {
        let operators = [
            ("eq", Comparison::Eq),
            ("ne", Comparison::Ne),
            ("gt", Comparison::Gt),
            ("ge", Comparison::Ge),
            ("lt", Comparison::Lt),
            ("le", Comparison::Le),
        ];
        let found = operators.into_iter().find(|(name, _)| self.takes(name));
        found.map(|(_, comparison)| comparison)
    }

    fn operand(&mut self) -> Parsed<Operand> {
        self.nested(|parser| match parser.tokens.next() {
            Some(Token::Text(text)) => Ok(Operand::Text(text)),
            Some(Token::Number(number)) => Ok(Operand::Number(number)),
            Some(Token::Moment(moment)) => Ok(Operand::Moment(moment)),
            Some(Token::Name(name)) => parser.named(&name),
            Some(token) => Err(format!("`{token}` stands where a value should be")),
            None => Err("it ends where a value should be".to_owned()),
        })
    }

    fn named(&mut self, name: &str) -> Parsed<Operand> {
        match name {
            "true" => return Ok(Operand::Flag(true)),
            "false" => return Ok(Operand::Flag(false)),
            // A nuspec does not tell an empty text from none.
            "null" => return Ok(Operand::Text(String::new())),
            // Texts are compared without case anyway.
            "tolower" | "toupper" => {
                self.expect(&Token::Open)?;
                let inside = self.operand()?;
                self.expect(&Token::Close)?;
                return Ok(inside);
            }
            _ => {}
        }
        let property = Property::named(name).ok_or_else(|| {
            format!(
                "`{name}` is not known; there are the properties {}, the operators eq, ne, gt, ge, \
                 lt, le, and, or, not, and the functions tolower, toupper, substringof, startswith, \
                 endswith",
                Property::names()
            )
        })?;
        Ok(Operand::Property(property))
    }

    fn takes(&mut self, name: &str) -> bool {
        let is_it = |token: &Token| matches!(token, Token::Name(found) if found == name);
        self.tokens.next_if(is_it).is_some()
    }

    fn expect(&mut self, token: &Token) -> Parsed<()> {
        match self.tokens.next() {
            Some(found) if found == *token => Ok(()),
            Some(found) => Err(format!("`{found}` stands where `{token}` should be")),
            None => Err(format!("it ends where `{token}` should be")),
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} deep"));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }
}

fn joined(parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match <[Filter; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => join(parts),
    }
}

/// A text beside a version is one.
fn versioned(operand: Operand, other: &Operand) -> Parsed<Operand> {
    match operand {
        Operand::Text(text) if other.kind() == Kind::Version => {
            let version = text.parse().map_err(|error| format!("{error}"))?;
            Ok(Operand::Version(version))
        }
        operand => Ok(operand),
    }
}
