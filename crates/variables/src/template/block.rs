//! Conditions and loops: tokens with a body.

use super::parse::{Failure, Parser, push};
use super::{Condition, Each, Operand, Test, Token};

/// What ends a body, by keyword: `else`, `elseif`, `/if` …
type Ends = &'static [&'static str];

impl Parser<'_> {
    /// A condition, loop or calculation, if one starts here.
    pub(super) fn block(&mut self) -> Result<Option<Token>, Failure> {
        let start = self.at;
        let inner = self.rest().strip_prefix("#{").unwrap_or_default();
        if !inner
            .trim_start()
            .starts_with(['i', 'I', 'u', 'U', 'e', 'E', 'c', 'C'])
        {
            return Ok(None);
        }
        for keyword in ["if", "unless", "each", "calc"] {
            if self.eat_keyword(keyword) {
                return match keyword {
                    "if" | "unless" => self.condition(start, keyword == "unless"),
                    "each" => self.each(start),
                    _ => self.calculation(),
                }
                .map(Some);
            }
        }
        Ok(None)
    }

    /// Steps over `#{keyword `. A name alone (`#{if}`, `#{if | ToUpper}`) is a substitution.
    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let Some(inner) = self.rest().strip_prefix("#{") else {
            return false;
        };
        let Some((word, after)) = inner.trim_start().split_at_checked(keyword.len()) else {
            return false;
        };
        let argument = after.trim_start();
        if !word.eq_ignore_ascii_case(keyword)
            || argument.len() == after.len()
            || argument.starts_with(['|', '}'])
        {
            return false;
        }
        self.at += self.rest().len() - argument.len();
        true
    }

    /// Steps over `#{keyword}`.
    fn eat_bare(&mut self, keyword: &str) -> bool {
        let Some(inner) = self.rest().strip_prefix("#{") else {
            return false;
        };
        let Some((word, after)) = inner.trim_start().split_at_checked(keyword.len()) else {
            return false;
        };
        let Some(after) = after.trim_start().strip_prefix('}') else {
            return false;
        };
        if !word.eq_ignore_ascii_case(keyword) {
            return false;
        }
        self.at += self.rest().len() - after.len();
        true
    }

    /// A body and the keyword that ended it.
    fn body(&mut self, start: usize, ends: Ends) -> Result<(Vec<Token>, &'static str), Failure> {
        let mut tokens = Vec::new();
        while !self.rest().is_empty() {
            for &end in ends {
                let found = match end {
                    "elseif" => self.eat_keyword(end),
                    _ => self.eat_bare(end),
                };
                if found {
                    return Ok((tokens, end));
                }
            }
            let token = self.text_or_token()?;
            push(&mut tokens, token);
        }
        let close = ends.last().copied().unwrap_or_default();
        Err(self.error_at(
            start,
            format!("this block has no `#{{{close}}}` that ends it"),
        ))
    }

    fn condition(&mut self, start: usize, negated: bool) -> Result<Token, Failure> {
        let (ends, close): (Ends, Ends) = if negated {
            (&["else", "/unless"], &["/unless"])
        } else {
            (&["else", "elseif", "/if"], &["/if"])
        };
        let mut branches = Vec::new();
        loop {
            let test = self.test()?;
            self.expect("}")?;
            let (body, end) = self.body(start, ends)?;
            branches.push((test, body));
            let otherwise = match end {
                "elseif" => continue,
                "else" => Some(self.body(start, close)?.0),
                _ => None,
            };
            return Ok(Token::Condition(Condition {
                negated,
                branches,
                otherwise,
            }));
        }
    }

    fn test(&mut self) -> Result<Test, Failure> {
        let left = self.operand()?;
        if self.eat("==") {
            return Ok(Test::Equal(left, self.operand()?));
        }
        if self.eat("!=") {
            return Ok(Test::Different(left, self.operand()?));
        }
        match left {
            Operand::Expression(expression) => Ok(Test::Truthy(expression)),
            Operand::Text(_) => Err(self.error("expected `==` or `!=` after the text")),
        }
    }

    /// One side of a comparison, with the white space after it.
    fn operand(&mut self) -> Result<Operand, Failure> {
        self.skip_white();
        let operand = match self.quoted()? {
            Some(text) => Operand::Text(text),
            None => Operand::Expression(self.expression()?),
        };
        self.skip_white();
        Ok(operand)
    }

    fn each(&mut self, start: usize) -> Result<Token, Failure> {
        let name = self.identifier()?;
        self.skip_white();
        let word: String = self.rest().chars().take(2).collect();
        if !word.eq_ignore_ascii_case("in") {
            return Err(self.error("expected `in` after the name, as in `#{each x in List}`"));
        }
        self.at += word.len();
        self.skip_white();
        let collection = self.symbol()?;
        self.skip_white();
        self.expect("}")?;
        let (body, _) = self.body(start, &["/each"])?;
        Ok(Token::Each(Each {
            name,
            collection,
            body,
        }))
    }
}
