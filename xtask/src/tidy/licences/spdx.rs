//! Whether an SPDX licence expression can be met with allowed licences alone.
//!
//! The grammar is that of the SPDX specification, annex "License expressions": `WITH` binds
//! before `AND`, `AND` before `OR`. `/` is cargo's old spelling of `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

/// An exception (`WITH …`) only adds to what a licence permits, so its base decides.
///
/// # Errors
///
/// What is wrong with the expression.
pub(super) fn allows(expression: &str, allowed: &[&str]) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser {
        tokens: tokens.into_iter().peekable(),
        allowed,
    };
    let met = parser.any()?;
    match parser.tokens.next() {
        None => Ok(met),
        Some(token) => Err(format!("`{token}` stands where nothing is expected")),
    }
}

struct Parser<'a> {
    tokens: Peekable<IntoIter<&'a str>>,
    allowed: &'a [&'a str],
}

impl Parser<'_> {
    fn any(&mut self) -> Result<bool, String> {
        let mut met = self.all()?;
        while self.tokens.next_if_eq(&"OR").is_some() {
            met |= self.all()?;
        }
        Ok(met)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut met = self.one()?;
        while self.tokens.next_if_eq(&"AND").is_some() {
            met &= self.one()?;
        }
        Ok(met)
    }

    fn one(&mut self) -> Result<bool, String> {
        match self.tokens.next() {
            None => Err("it ends where a licence is expected".to_owned()),
            Some("(") => {
                let met = self.any()?;
                let closed = self.tokens.next_if_eq(&")");
                closed
                    .map(|_| met)
                    .ok_or_else(|| "`)` is missing".to_owned())
            }
            Some(token @ (")" | "AND" | "OR" | "WITH")) => {
                Err(format!("`{token}` stands where a licence is expected"))
            }
            Some(licence) => {
                if self.tokens.next_if_eq(&"WITH").is_some() && self.tokens.next().is_none() {
                    return Err("it ends where an exception is expected".to_owned());
                }
                // `+`: or a later version.
                Ok(self.allowed.contains(&licence.trim_end_matches('+')))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn expressions_are_evaluated() {
        let found = |expression| match allows(expression, &["MIT", "ISC"]) {
            Ok(true) => "yes".to_owned(),
            Ok(false) => "no".to_owned(),
            Err(error) => error,
        };
        for (expression, expected) in [
            ("MIT", "yes"),
            ("GPL-3.0-only", "no"),
            ("MIT OR GPL-3.0-only", "yes"),
            ("GPL-3.0-only/MIT", "yes"),
            ("MIT AND GPL-3.0-only", "no"),
            ("MIT AND ISC", "yes"),
            // AND binds first.
            ("MIT OR ISC AND GPL-3.0-only", "yes"),
            ("(MIT OR ISC) AND GPL-3.0-only", "no"),
            ("GPL-3.0-only AND MIT OR ISC", "yes"),
            ("GPL-3.0-only AND (MIT OR ISC)", "no"),
            ("((MIT))", "yes"),
            ("MIT WITH LLVM-exception", "yes"),
            ("GPL-3.0-only WITH GCC-exception-3.1 OR GPL-2.0-only", "no"),
            ("MIT+", "yes"),
            ("mit", "no"),
            ("", "it ends where a licence is expected"),
            ("(MIT", "`)` is missing"),
            ("MIT)", "`)` stands where nothing is expected"),
            ("MIT ISC", "`ISC` stands where nothing is expected"),
            ("MIT OR AND ISC", "`AND` stands where a licence is expected"),
            ("MIT WITH", "it ends where an exception is expected"),
        ] {
            assert_eq!(found(expression), expected, "{expression}");
        }
    }
}
