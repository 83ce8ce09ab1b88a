//! The words of OData: names, literals and punctuation.
//!
//! Source: OData 2.0, "URI Conventions", sections 2.2 and 4.5; "Atom Format", section 6.

use std::fmt;

use jiff::{civil::DateTime, tz::TimeZone};

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A property, function or operator.
    Name(String),
    /// `'it''s'`, without the quotes.
    Text(String),
    /// `12`, `-3L`.
    Number(i64),
    /// `datetime'2024-05-01T12:00:00'`, in milliseconds since 1970-01-01 UTC.
    Moment(i64),
    Open,
    Close,
    Comma,
    Equals,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Moment(_) => f.write_str("a date"),
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::Comma => f.write_str(","),
            Self::Equals => f.write_str("="),
        }
    }
}

/// Splits a text into words; an error is one sentence without its end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = match first {
            '(' => (Token::Open, rest.get(1..)),
            ')' => (Token::Close, rest.get(1..)),
            ',' => (Token::Comma, rest.get(1..)),
            '=' => (Token::Equals, rest.get(1..)),
            '\'' => {
                let (text, behind) = quoted(rest)?;
                (Token::Text(text), Some(behind))
            }
            _ => {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
                let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let (word, behind) = rest.split_at(end);
                if word.is_empty() {
                    return Err(format!("`{first}` has no meaning there"));
                }
                let (token, behind) = word_or_literal(word, behind)?;
                (token, Some(behind))
            }
        };
        tokens.push(token);
        rest = behind.unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// A text that begins with a quote; quotes inside it are doubled.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut inside = String::new();
    let mut rest = text.strip_prefix('\'').unwrap_or(text);
    loop {
        let Some((part, behind)) = rest.split_once('\'') else {
            return Err("a quote is not closed".to_owned());
        };
        inside.push_str(part);
        match behind.strip_prefix('\'') {
            Some(more) => {
                inside.push('\'');
                rest = more;
            }
            None => return Ok((inside, behind)),
        }
    }
}

fn word_or_literal<'a>(word: &str, behind: &'a str) -> Result<(Token, &'a str), String> {
    if word == "datetime" && behind.starts_with('\'') {
        let (text, behind) = quoted(behind)?;
        let text = text.strip_suffix('Z').unwrap_or(&text);
        let time: Result<DateTime, _> = text.parse();
        let time = time.and_then(|time| TimeZone::UTC.to_timestamp(time));
        let time =
            time.map_err(|_| format!("`{text}` is not a date such as 2024-05-01T12:00:00"))?;
        return Ok((Token::Moment(time.as_millisecond()), behind));
    }
    if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        let digits = word.strip_suffix(['L', 'l']).unwrap_or(word);
        let number = digits.parse();
        let number = number.map_err(|_| format!("`{word}` is not a whole number"))?;
        return Ok((Token::Number(number), behind));
    }
    Ok((Token::Name(word.to_owned()), behind))
}
