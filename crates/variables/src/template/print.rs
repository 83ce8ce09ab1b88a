//! Templates as text again, in normal form: what stays in place when a value is missing.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    Argument, Condition, Each, Expression, Factor, Operand, Product, Quoted, Step, Sum, Symbol,
    Test, Token,
};

impl Display for Token {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Token::Text(text) => write_text(f, text, false),
            Token::Substitution(expression) => write!(f, "#{{{expression}}}"),
            Token::Condition(condition) => condition.fmt(f),
            Token::Each(each) => each.fmt(f),
            Token::Calculation(sum) => write!(f, "#{{calc {sum}}}"),
        }
    }
}

/// Writes tokens that are followed by a `#{`, or by the end.
pub(super) fn write_tokens(f: &mut impl Write, tokens: &[Token], more: bool) -> fmt::Result {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(text) => write_text(f, text, more || at + 1 < tokens.len())?,
            token => write!(f, "{token}")?,
        }
    }
    Ok(())
}

/// Writes text so that it reads as the same text; `before_token`: a `#{` comes next.
fn write_text(f: &mut impl Write, text: &str, before_token: bool) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        let (before, run) = rest.split_at(at);
        let after = run.trim_start_matches('#');
        let hashes = run.strip_suffix(after).unwrap_or(run);
        write!(f, "{before}{hashes}")?;
        if after.starts_with('{') || (after.is_empty() && before_token) {
            f.write_char('#')?;
        }
        rest = after;
    }
    f.write_str(rest)
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(symbol) = &self.symbol {
            symbol.fmt(f)?;
        }
        for filter in &self.filters {
            write!(f, " | {}", filter.name)?;
            for argument in &filter.arguments {
                write!(f, " {argument}")?;
            }
        }
        Ok(())
    }
}

impl Display for Symbol {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if at == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Lookup(symbol) => write!(f, "[#{{{symbol}}}]")?,
            }
        }
        Ok(())
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Word(word) => f.write_str(word),
            Argument::Quoted(quoted) => quoted.fmt(f),
            Argument::Token(token) => token.fmt(f),
        }
    }
}

impl Display for Quoted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.escaped {
            write!(f, "\\\"{}\\\"", self.text)
        } else {
            write!(f, "\"{}\"", self.text)
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let keyword = if self.negated { "unless" } else { "if" };
        for (at, (test, body)) in self.branches.iter().enumerate() {
            let keyword = if at == 0 { keyword } else { "elseif" };
            write!(f, "#{{{keyword} {test}}}")?;
            write_tokens(f, body, true)?;
        }
        if let Some(body) = &self.otherwise {
            f.write_str("#{else}")?;
            write_tokens(f, body, true)?;
        }
        write!(f, "#{{/{keyword}}}")
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Test::Truthy(expression) => expression.fmt(f),
            Test::Equal(left, right) => write!(f, "{left} == {right}"),
            Test::Different(left, right) => write!(f, "{left} != {right}"),
        }
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Text(text) => text.fmt(f),
            Operand::Expression(expression) => expression.fmt(f),
        }
    }
}

impl Display for Each {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "#{{each {} in {}}}", self.name, self.collection)?;
        write_tokens(f, &self.body, true)?;
        f.write_str("#{/each}")
    }
}

impl Display for Sum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        for (minus, product) in &self.rest {
            write!(f, " {} {product}", if *minus { '-' } else { '+' })?;
        }
        Ok(())
    }
}

impl Display for Product {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        for (by, factor) in &self.rest {
            write!(f, " {} {factor}", if *by { '/' } else { '*' })?;
        }
        Ok(())
    }
}

impl Display for Factor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Factor::Number(number) => f.write_str(number),
            Factor::Name {
                symbol,
                braced: true,
            } => write!(f, "{{{symbol}}}"),
            Factor::Name { symbol, .. } => symbol.fmt(f),
            Factor::Group(sum) => write!(f, "({sum})"),
        }
    }
}
