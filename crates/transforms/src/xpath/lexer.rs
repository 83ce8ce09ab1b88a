//! From text to tokens.

use super::syntax::Operator;

/// The smallest part of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'s> {
    /// `p:local`, or `local` with an empty prefix.
    Name(&'s str, &'s str),
    /// `p:*`, or `*` with an empty prefix.
    Wildcard(&'s str),
    Number(f64),
    Literal(&'s str),
    Operator(Operator),
    /// `/` and `//` are no operators of two operands.
    Slash,
    DoubleSlash,
    DoubleColon,
    /// Any of `( ) [ ] , @`.
    Mark(char),
    Dot,
    DoubleDot,
    End,
}

/// All tokens with their offsets; on failure the offset and what is wrong there.
pub(super) fn tokens(source: &str) -> Result<Vec<(Token<'_>, usize)>, (usize, String)> {
    let mut tokens: Vec<(Token<'_>, usize)> = Vec::new();
    let mut at = 0;
    loop {
        let rest = source.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            tokens.push((Token::End, at));
            return Ok(tokens);
        };
        let previous = tokens.last().map(|(token, _)| *token);
        let (token, length) = token(trimmed, first, previous).map_err(|message| (at, message))?;
        tokens.push((token, at));
        at += length;
    }
}

fn token<'s>(
    rest: &'s str,
    first: char,
    previous: Option<Token<'_>>,
) -> Result<(Token<'s>, usize), String> {
    const SYMBOLS: &[(&str, Token<'static>)] = &[
        ("::", Token::DoubleColon),
        ("//", Token::DoubleSlash),
        ("/", Token::Slash),
        ("..", Token::DoubleDot),
        ("|", Token::Operator(Operator::Union)),
        ("+", Token::Operator(Operator::Plus)),
        ("-", Token::Operator(Operator::Minus)),
        ("=", Token::Operator(Operator::Equal)),
        ("!=", Token::Operator(Operator::Different)),
        ("<=", Token::Operator(Operator::LessOrEqual)),
        ("<", Token::Operator(Operator::Less)),
        (">=", Token::Operator(Operator::GreaterOrEqual)),
        (">", Token::Operator(Operator::Greater)),
    ];
    let number = length(rest, |c| c.is_ascii_digit() || c == '.');
    if let Some((symbol, token)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
        return Ok((*token, symbol.len()));
    }
    match first {
        '(' | ')' | '[' | ']' | ',' | '@' => Ok((Token::Mark(first), 1)),
        '.' if number == 1 => Ok((Token::Dot, 1)),
        '.' | '0'..='9' => {
            let text = rest.get(..number).unwrap_or_default();
            let number = text.parse().map_err(|_| format!("`{text}` is no number"))?;
            Ok((Token::Number(number), text.len()))
        }
        '"' | '\'' => {
            let inside = rest.get(1..).unwrap_or_default();
            let end = inside.find(first);
            let end = end.ok_or("this string has no closing quote")?;
            Ok((
                Token::Literal(inside.get(..end).unwrap_or_default()),
                end + 2,
            ))
        }
        '*' if follows_operand(previous) => Ok((Token::Operator(Operator::Times), 1)),
        '*' => Ok((Token::Wildcard(""), 1)),
        c if starts_name(c) => Ok(name(rest, previous)),
        c => Err(format!("`{c}` has no meaning here")),
    }
}

fn name<'s>(rest: &'s str, previous: Option<Token<'_>>) -> (Token<'s>, usize) {
    let end = length(rest, continues_name);
    let name = rest.get(..end).unwrap_or_default();
    let operator = match name {
        "or" => Some(Operator::Or),
        "and" => Some(Operator::And),
        "div" => Some(Operator::Divide),
        "mod" => Some(Operator::Remainder),
        _ => None,
    };
    if let Some(operator) = operator
        && follows_operand(previous)
    {
        return (Token::Operator(operator), end);
    }
    let after = rest.get(end..).unwrap_or_default().strip_prefix(':');
    let local = after.unwrap_or_default();
    if local.starts_with('*') {
        return (Token::Wildcard(name), end + ":*".len());
    }
    if !local.starts_with(starts_name) {
        return (Token::Name("", name), end);
    }
    let length = length(local, continues_name);
    let local = local.get(..length).unwrap_or_default();
    (Token::Name(name, local), end + ":".len() + length)
}

/// Where an operator may stand, `*` and `and` are one; elsewhere they are names.
fn follows_operand(previous: Option<Token<'_>>) -> bool {
    match previous {
        None
        | Some(
            Token::Operator(_)
            | Token::Slash
            | Token::DoubleSlash
            | Token::DoubleColon
            | Token::Mark('(' | '[' | ',' | '@'),
        ) => false,
        Some(_) => true,
    }
}

fn length(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    // Combining marks are neither letters nor digits, and no separators either.
    c.is_alphanumeric() || "_-.".contains(c) || (!c.is_ascii() && !c.is_whitespace())
}
