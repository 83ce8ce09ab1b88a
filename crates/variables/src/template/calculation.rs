//! Calculations: sums of products of numbers and names.

use super::parse::{Failure, Parser};
use super::symbol::is_identifier;
use super::{Factor, Product, Sum, Token};

impl Parser<'_> {
    /// The sum after `#{calc`, and the `}`.
    pub(super) fn calculation(&mut self) -> Result<Token, Failure> {
        let sum = self.sum()?;
        self.expect("}")?;
        Ok(Token::Calculation(sum))
    }

    fn sum(&mut self) -> Result<Sum, Failure> {
        let first = self.product()?;
        let mut rest = Vec::new();
        loop {
            let minus = match self.peek() {
                Some('+') => false,
                Some('-') => true,
                _ => return Ok(Sum { first, rest }),
            };
            self.at += 1;
            rest.push((minus, self.product()?));
        }
    }

    fn product(&mut self) -> Result<Product, Failure> {
        let first = self.factor()?;
        let mut rest = Vec::new();
        loop {
            let by = match self.peek() {
                Some('*') => false,
                Some('/') => true,
                _ => return Ok(Product { first, rest }),
            };
            self.at += 1;
            rest.push((by, self.factor()?));
        }
    }

    /// A factor with the white space around it.
    fn factor(&mut self) -> Result<Factor, Failure> {
        self.skip_white();
        let factor = match self.peek() {
            Some('(') => {
                self.at += 1;
                let sum = self.nested(Self::sum)?;
                self.expect(")")?;
                Factor::Group(Box::new(sum))
            }
            Some('{') => {
                self.at += 1;
                self.skip_white();
                let symbol = self.symbol()?;
                self.skip_white();
                self.expect("}")?;
                Factor::Name {
                    symbol,
                    braced: true,
                }
            }
            _ => match self.number() {
                Some(number) => Factor::Number(number),
                None => Factor::Name {
                    symbol: self.symbol_of(is_operand)?,
                    braced: false,
                },
            },
        };
        self.skip_white();
        Ok(factor)
    }

    /// Digits with an optional fraction, unless they begin a name such as `2nd`.
    fn number(&mut self) -> Option<String> {
        let start = self.at;
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '.');
        let ends = !self
            .peek()
            .is_some_and(|c| is_operand(c) && !c.is_whitespace() || c == '[');
        if ends && digits.parse::<f64>().is_ok() {
            return Some(digits.to_owned());
        }
        self.at = start;
        None
    }
}

/// Characters of a name that are no operators.
fn is_operand(c: char) -> bool {
    is_identifier(c) && !"-/()".contains(c)
}
