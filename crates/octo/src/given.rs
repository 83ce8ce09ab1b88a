//! Variables as they are given on the command line.

use std::collections::BTreeMap;

use crate::error::Error;

/// `NAME:VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Splits at the first colon that no backslash stands before.
///
/// # Errors
/// When there is none, or nothing before it.
pub(crate) fn variable(text: &str) -> Result<Variable, &'static str> {
    let mut name = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.as_str().starts_with(':') => {
                rest.next();
                name.push(':');
            }
            ':' if name.is_empty() => break,
            ':' => {
                return Ok(Variable {
                    name,
                    value: rest.as_str().to_owned(),
                });
            }
            c => name.push(c),
        }
    }
    Err("it must be NAME:VALUE")
}

/// Name → value.
///
/// # Errors
/// When a name comes twice.
pub(crate) fn merge(
    variables: impl Iterator<Item = Variable>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut merged = BTreeMap::new();
    for Variable { name, value } in variables {
        if merged.insert(name.clone(), value).is_some() {
            return Err(Error::usage(
                format!("The variable \"{name}\" is given twice."),
                "Give it one value.",
            ));
        }
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = variable(text).ok().map(|found| (found.name, found.value));
            let found = found.as_ref().map(|(name, value)| (&**name, &**value));
            assert_eq!(found, expected, "{text}");
        };
        check("Port:8080", Some(("Port", "8080")));
        check("Url:https://x:1/", Some(("Url", "https://x:1/")));
        check("A\\:B\\:C:v\\:w", Some(("A:B:C", "v\\:w")));
        check("C\\d:v", Some(("C\\d", "v")));
        check("Empty:", Some(("Empty", "")));
        check("Port=8080", None);
        check(":8080", None);
        check("A\\:B", None);
    }

    #[test]
    fn a_variable_has_one_value() {
        let twice = ["A:1", "A:2"].map(|text| variable(text).unwrap());
        assert!(merge(twice.into_iter()).is_err());
    }
}
