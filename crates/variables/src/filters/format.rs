//! Format strings of .NET, with its invariant culture, except for `$` as the currency.

mod calendar;
mod custom;
mod decimal;
mod number;

pub(super) use calendar::date;

use self::decimal::Decimal;
use super::date::parse;

/// Longer format strings give no value: they would take long to fill in.
const MAX_FORMAT: usize = 1000;

/// Formats what is a decimal number, or else a date.
pub(super) fn any(input: &str, format: &str) -> Option<String> {
    if format.len() > MAX_FORMAT {
        return None;
    }
    match Decimal::parse(input) {
        Some(value) => number::decimal(&value, format),
        None => date(&parse(input)?, format),
    }
}

/// Formats a value as one of the given kind.
pub(super) fn of_kind(input: &str, kind: &str, format: &str) -> Option<String> {
    if format.len() > MAX_FORMAT {
        return None;
    }
    match kind.to_ascii_lowercase().as_str() {
        "int" | "int32" => number::integer(input.trim().parse().ok()?, format),
        "double" => {
            let value: f64 = input.trim().replace(',', "").parse().ok()?;
            number::double(value, format)
        }
        "decimal" => number::decimal(&Decimal::parse(input)?, format),
        "date" | "datetime" | "datetimeoffset" => date(&parse(input)?, format),
        _ => None,
    }
}
