//! Identifiers and indexes: the steps of a symbol.

use super::parse::{Failure, Parser};
use super::{Step, Symbol};

/// Characters that an identifier may hold.
pub(super) fn is_identifier(c: char) -> bool {
    c.is_alphanumeric()
        || c.is_whitespace()
        || matches!(c, '_' | '-' | ':' | '/' | '~' | '(' | ')' | '@')
}

impl Parser<'_> {
    /// A name and its steps.
    pub(super) fn symbol(&mut self) -> Result<Symbol, Failure> {
        self.symbol_of(is_identifier)
    }

    /// A symbol whose names hold only characters that are `wanted`.
    pub(super) fn symbol_of(&mut self, wanted: impl Fn(char) -> bool) -> Result<Symbol, Failure> {
        let mut steps = vec![Step::Name(self.identifier_of(&wanted)?)];
        loop {
            match self.peek() {
                Some('.') => {
                    self.at += 1;
                    steps.push(Step::Name(self.identifier_of(&wanted)?));
                }
                Some('[') => steps.push(self.index()?),
                _ => return Ok(Symbol { steps }),
            }
        }
    }

    /// An identifier, trimmed. May hold white space, but not before what ends a name.
    pub(super) fn identifier(&mut self) -> Result<String, Failure> {
        self.identifier_of(is_identifier)
    }

    fn identifier_of(&mut self, wanted: impl Fn(char) -> bool) -> Result<String, Failure> {
        let start = self.at;
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(at, c)| {
                let after = rest.get(at + c.len_utf8()..).unwrap_or_default();
                !wanted(*c) || (c.is_whitespace() && ends_name(after))
            })
            .map_or(rest.len(), |(at, _)| at);
        self.at += end;
        let name = rest.get(..end).unwrap_or_default().trim();
        if name.is_empty() {
            let found = self
                .peek()
                .map_or("the end".to_owned(), |c| format!("`{c}`"));
            return Err(self.error_at(start, format!("expected a name, found {found}")));
        }
        Ok(name.to_owned())
    }

    /// `[text]` or `[#{symbol}]`. Brackets in the text come in pairs.
    pub(super) fn index(&mut self) -> Result<Step, Failure> {
        self.expect("[")?;
        if self.eat("#{") {
            self.skip_white();
            let symbol = self.nested(Self::symbol)?;
            self.skip_white();
            self.expect("}")?;
            self.expect("]")?;
            return Ok(Step::Lookup(symbol));
        }
        let rest = self.rest();
        let mut open = 0usize;
        for (at, c) in rest.char_indices() {
            match c {
                '[' => open += 1,
                ']' if open == 0 => {
                    let text = rest.get(..at).unwrap_or_default().to_owned();
                    self.at += at + 1;
                    return Ok(Step::Index(text));
                }
                ']' => open -= 1,
                '#' if rest.get(at..).unwrap_or_default().starts_with("#{") => break,
                _ => {}
            }
        }
        Err(self.error("this index has no closing `]`; `#{…}` may only stand for the whole index"))
    }
}

/// Whether white space before `after` ends a name.
fn ends_name(after: &str) -> bool {
    if after.starts_with(['|', '}']) {
        return true;
    }
    let Some((word, after)) = after.split_at_checked(2) else {
        return false;
    };
    (word.eq_ignore_ascii_case("in") || word == "==" || word == "!=")
        && after.starts_with(char::is_whitespace)
}
