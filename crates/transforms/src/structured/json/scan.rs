//! A reader of JSON that keeps byte ranges. Comments and trailing commas are allowed,
//! as configuration files have them.

use std::ops::Range;

use crate::TransformError;
use crate::edit::position;

/// How deep objects and arrays may be nested.
pub(super) const MAX_DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    String,
    Number,
    Boolean,
    Null,
}

/// Reads a whole text.
pub(super) fn scan(text: &str) -> Result<Node, TransformError> {
    let mut scanner = Scanner { text, at: 0 };
    let node = scanner.value(0)?;
    scanner.skip()?;
    match scanner.rest().chars().next() {
        None => Ok(node),
        Some(c) => Err(scanner.error(&format!("expected the end, found `{c}`"))),
    }
}

/// Whether a text is a number as JSON writes them.
pub(super) fn is_number(text: &str) -> bool {
    let mut scanner = Scanner { text, at: 0 };
    scanner.number().is_ok() && scanner.at == text.len()
}

/// The text of a string, which is given with its quotes. It was scanned before.
pub(super) fn unescape(string: &str) -> String {
    let mut scanner = Scanner {
        text: string,
        at: 0,
    };
    scanner.string().unwrap_or_default()
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn error(&self, message: &str) -> TransformError {
        let (line, column) = position(self.text, self.at);
        TransformError::Syntax {
            format: "JSON",
            line,
            column,
            message: message.to_owned(),
        }
    }

    fn unexpected(&self, expected: &str) -> TransformError {
        let found = self.rest().chars().next();
        let found = found.map_or("the end".to_owned(), |c| format!("`{c}`"));
        self.error(&format!("expected {expected}, found {found}"))
    }

    /// Steps over white space and comments.
    fn skip(&mut self) -> Result<(), TransformError> {
        loop {
            let rest = self.rest();
            let after = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - after.len();
            if after.starts_with("//") {
                self.at += after.find(['\r', '\n']).unwrap_or(after.len());
            } else if let Some(comment) = after.strip_prefix("/*") {
                let end = comment.find("*/");
                let end = end.ok_or_else(|| self.error("this comment has no end"))?;
                self.at += end + "/**/".len();
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, TransformError> {
        self.skip()?;
        if depth > MAX_DEPTH {
            return Err(self.error(&format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let start = self.at;
        let kind = match self.rest().chars().next() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => {
                self.string()?;
                Kind::String
            }
            Some('-' | '0'..='9') => {
                self.number()?;
                Kind::Number
            }
            _ if self.eat("true") || self.eat("false") => Kind::Boolean,
            _ if self.eat("null") => Kind::Null,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node {
            range: start..self.at,
            kind,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, TransformError> {
        let mut members = Vec::new();
        self.at += 1;
        loop {
            self.skip()?;
            if self.eat("}") {
                return Ok(Kind::Object(members));
            }
            if !self.rest().starts_with('"') {
                return Err(self.unexpected("a name in quotes or `}`"));
            }
            let name = self.string()?;
            self.skip()?;
            if !self.eat(":") {
                return Err(self.unexpected("`:`"));
            }
            members.push((name, self.value(depth + 1)?));
            self.skip()?;
            if !self.eat(",") && !self.rest().starts_with('}') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind, TransformError> {
        let mut entries = Vec::new();
        self.at += 1;
        loop {
            self.skip()?;
            if self.eat("]") {
                return Ok(Kind::Array(entries));
            }
            entries.push(self.value(depth + 1)?);
            self.skip()?;
            if !self.eat(",") && !self.rest().starts_with(']') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn digits(&mut self) -> Result<(), TransformError> {
        let rest = self.rest();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.len() == rest.len() {
            return Err(self.unexpected("a digit"));
        }
        self.at += rest.len() - after.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), TransformError> {
        self.eat("-");
        if !self.eat("0") {
            self.digits()?;
        }
        if self.eat(".") {
            self.digits()?;
        }
        if self.eat("e") || self.eat("E") {
            let _ = self.eat("+") || self.eat("-");
            self.digits()?;
        }
        Ok(())
    }

    /// A string in quotes, without its escapes. Half of a surrogate pair becomes `U+FFFD`.
    fn string(&mut self) -> Result<String, TransformError> {
        let mut units: Vec<u16> = Vec::new();
        let mut out = String::new();
        self.at += 1;
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.error("this string has no closing quote"));
            };
            if c < ' ' {
                return Err(self.error("a string can't hold line breaks or control characters"));
            }
            let escaped = match c {
                '\\' => self.escape()?,
                c => {
                    self.at += c.len_utf8();
                    Escaped::Character(c)
                }
            };
            if let Escaped::Unit(unit) = escaped {
                units.push(unit);
                continue;
            }
            if !units.is_empty() {
                out.push_str(&String::from_utf16_lossy(&units));
                units.clear();
            }
            match (c, escaped) {
                ('"', _) => return Ok(out),
                (_, Escaped::Character(c)) => out.push(c),
                (_, Escaped::Unit(_)) => {}
            }
        }
    }

    fn escape(&mut self) -> Result<Escaped, TransformError> {
        let mut characters = self.rest().chars().skip(1);
        let c = match characters.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits = self.rest().get(2..6).unwrap_or_default();
                let valid = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
                let unit = u16::from_str_radix(digits, 16).ok().filter(|_| valid);
                let unit = unit.ok_or_else(|| self.error("expected four digits after `\\u`"))?;
                self.at += "\\u0000".len();
                return Ok(Escaped::Unit(unit));
            }
            _ => return Err(self.error("this escape is none of JSON")),
        };
        self.at += 2;
        Ok(Escaped::Character(c))
    }
}

enum Escaped {
    Character(char),
    /// Of UTF-16: one character may take two.
    Unit(u16),
}
