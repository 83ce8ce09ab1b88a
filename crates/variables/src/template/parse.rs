//! The reader of templates: text, escapes and substitutions.
//!
//! It never looks back further than the start of a token, and no rule scans past
//! the next `#{`, so the time stays in proportion to the text, also after errors.

use super::{Argument, Expression, FilterCall, MAX_DEPTH, Quoted, Step, Token};
use crate::ParseError;

/// Reads a whole template.
pub(crate) fn parse(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut parser = Parser::new(text);
    let mut tokens = Vec::new();
    while !parser.rest().is_empty() {
        let token = parser.text_or_token();
        push(&mut tokens, token.map_err(|failure| failure.locate(text))?);
    }
    Ok(tokens)
}

/// Reads what can be read: a `#{` that starts nothing valid becomes text. Also gives the first error.
pub(crate) fn parse_lenient(text: &str) -> (Vec<Token>, Option<ParseError>) {
    let mut parser = Parser::new(text);
    let mut tokens = Vec::new();
    let mut error = None;
    while !parser.rest().is_empty() {
        let start = parser.at;
        match parser.text_or_token() {
            Ok(token) => push(&mut tokens, token),
            Err(first) => {
                error.get_or_insert(first);
                parser.at = start + "#{".len();
                parser.depth = 0;
                push(&mut tokens, Token::Text("#{".to_owned()));
            }
        }
    }
    (tokens, error.map(|failure| failure.locate(text)))
}

/// The steps of a variable's name, none of them a lookup; `None` if no template can express it.
pub(crate) fn parse_name(name: &str) -> Option<Vec<Step>> {
    let mut parser = Parser::new(name);
    parser.skip_white();
    let symbol = parser.symbol().ok()?;
    parser.skip_white();
    if !parser.rest().is_empty() {
        return None;
    }
    let plain = !symbol.steps.iter().any(Step::is_lookup);
    plain.then_some(symbol.steps)
}

/// Adds a token; text joins the text before it.
pub(super) fn push(tokens: &mut Vec<Token>, token: Token) {
    match (tokens.last_mut(), token) {
        (Some(Token::Text(before)), Token::Text(text)) => before.push_str(&text),
        (_, token) => tokens.push(token),
    }
}

/// A mistake; its line and column are worked out once, at the end.
pub(super) struct Failure {
    offset: usize,
    message: String,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl Failure {
    fn locate(self, text: &str) -> ParseError {
        ParseError::at(text, self.offset, self.message)
    }
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `expected` if it is next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    pub(super) fn expect(&mut self, expected: &str) -> Result<(), Failure> {
        if self.eat(expected) {
            return Ok(());
        }
        let found = self
            .peek()
            .map_or("the end".to_owned(), |c| format!("`{c}`"));
        Err(self.error(format!("expected `{expected}`, found {found}")))
    }

    pub(super) fn skip_white(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes characters as long as `wanted` holds.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> Failure {
        self.error_at(self.at, message)
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> Failure {
        Failure {
            offset,
            message: message.into(),
        }
    }

    /// Reads something one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(format!(
                "nested deeper than {MAX_DEPTH} levels; move the inner part to a variable"
            )));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn text_or_token(&mut self) -> Result<Token, Failure> {
        match self.literal() {
            Some(text) => Ok(Token::Text(text)),
            None => self.nested(Self::token),
        }
    }

    /// Text up to the next `#{`, with `##` resolved; `None` right at a `#{`.
    fn literal(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find('#').unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            let rest = self.rest();
            if rest.is_empty() || rest.starts_with("#{") {
                return (!text.is_empty()).then_some(text);
            }
            if rest.starts_with("###{") {
                text.push('#');
                self.at += "##".len();
            } else if self.eat("##{") {
                text.push_str("#{");
            } else {
                // `#` and the character after it, so that pairs of `#` count from the left.
                let pair: String = rest.chars().take(2).collect();
                self.at += pair.len();
                text.push_str(&pair);
            }
        }
    }

    /// Anything that starts with `#{`.
    fn token(&mut self) -> Result<Token, Failure> {
        if let Some(block) = self.block()? {
            return Ok(block);
        }
        self.expect("#{")?;
        self.skip_white();
        if self.rest().starts_with('/') {
            return Err(self.error("this block end has no beginning before it"));
        }
        let expression = self.expression()?;
        self.expect("}")?;
        Ok(Token::Substitution(expression))
    }

    /// `symbol | Filter arg … | …`, with the white space after it.
    pub(super) fn expression(&mut self) -> Result<Expression, Failure> {
        self.skip_white();
        let symbol = match self.peek() {
            Some('|') => None,
            _ => Some(self.symbol()?),
        };
        let mut filters = Vec::new();
        self.skip_white();
        while self.eat("|") {
            self.skip_white();
            filters.push(self.filter()?);
        }
        Ok(Expression { symbol, filters })
    }

    fn filter(&mut self) -> Result<FilterCall, Failure> {
        let name = self.word();
        if name.is_empty() {
            return Err(self.error("expected the name of a filter after `|`"));
        }
        let mut arguments = Vec::new();
        loop {
            self.skip_white();
            match self.argument()? {
                Some(argument) => arguments.push(argument),
                None => return Ok(FilterCall { name, arguments }),
            }
        }
    }

    fn argument(&mut self) -> Result<Option<Argument>, Failure> {
        if self.rest().starts_with("#{") {
            return Ok(Some(Argument::Token(self.nested(Self::token)?)));
        }
        if let Some(quoted) = self.quoted()? {
            return Ok(Some(Argument::Quoted(quoted)));
        }
        let word = self.word();
        Ok((!word.is_empty()).then_some(Argument::Word(word)))
    }

    /// `"text"` or `\"text\"`.
    pub(super) fn quoted(&mut self) -> Result<Option<Quoted>, Failure> {
        let start = self.at;
        let escaped = self.eat("\\\"");
        if !escaped && !self.eat("\"") {
            return Ok(None);
        }
        let content = self.take_while(|c| c != '"' && c != '#');
        if !self.eat("\"") {
            return Err(self.error_at(start, "this text has no closing quote, or holds a `#`"));
        }
        let text = if escaped {
            content.strip_suffix('\\').ok_or_else(|| {
                self.error_at(start, "text that starts with `\\\"` must end with `\\\"`")
            })?
        } else {
            content
        };
        Ok(Some(Quoted {
            text: text.to_owned(),
            escaped,
        }))
    }

    /// A name or argument without white space; may be empty.
    fn word(&mut self) -> String {
        self.take_while(|c| super::symbol::is_identifier(c) && !c.is_whitespace())
            .to_owned()
    }
}
