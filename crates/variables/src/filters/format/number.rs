//! Standard format strings for numbers: a letter and a precision.

use super::custom;
use super::decimal::Decimal;

/// Digits after the point that a format may ask for.
const MAX_PRECISION: usize = 100;

pub(super) fn integer(value: i32, format: &str) -> Option<String> {
    let exact = Decimal::parse(&value.to_string())?;
    match standard(format) {
        Some((letter @ ('X' | 'x' | 'B' | 'b'), precision)) => {
            let width = precision.unwrap_or(0);
            Some(match letter {
                'X' => format!("{value:0width$X}"),
                'x' => format!("{value:0width$x}"),
                _ => format!("{value:0width$b}"),
            })
        }
        Some(('D' | 'd', precision)) => {
            let digits = exact.whole(false);
            let zeros = "0".repeat(precision.unwrap_or(0).saturating_sub(digits.len()));
            Some(signed(exact.negative, zeros + &digits))
        }
        _ => decimal(&exact, format),
    }
}

pub(super) fn double(value: f64, format: &str) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    match standard(format) {
        Some(('G' | 'g' | 'R' | 'r', None | Some(0))) => Some(value.to_string()),
        _ => decimal(&Decimal::of(value), format),
    }
}

pub(super) fn decimal(value: &Decimal, format: &str) -> Option<String> {
    let Some((letter, precision)) = standard(format) else {
        return custom::number(value, format);
    };
    let fixed = |value: &Decimal, places: usize, grouped: bool| {
        let value = value.round(places);
        let point = if places == 0 { "" } else { "." };
        let text = format!("{}{point}{}", value.whole(grouped), value.fraction);
        (value.negative && !value.is_zero(), text)
    };
    Some(match letter {
        'F' | 'f' => {
            let (negative, text) = fixed(value, precision.unwrap_or(2), false);
            signed(negative, text)
        }
        'N' | 'n' => {
            let (negative, text) = fixed(value, precision.unwrap_or(2), true);
            signed(negative, text)
        }
        'C' | 'c' => {
            let (negative, text) = fixed(value, precision.unwrap_or(2), true);
            signed(negative, format!("${text}"))
        }
        'P' | 'p' => {
            let (negative, text) = fixed(&value.clone().shift(2), precision.unwrap_or(2), true);
            signed(negative, format!("{text} %"))
        }
        'E' | 'e' => scientific(value, letter, precision.unwrap_or(6)),
        'G' | 'g' => general(value, letter, precision),
        _ => return None,
    })
}

/// Splits `F2`; `None` for a custom format.
fn standard(format: &str) -> Option<(char, Option<usize>)> {
    let mut characters = format.chars();
    let letter = characters.next().filter(char::is_ascii_alphabetic)?;
    let digits = characters.as_str();
    if digits.is_empty() {
        return Some((letter, None));
    }
    let precision = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
    match precision {
        0..=MAX_PRECISION => Some((letter, Some(precision))),
        // No letter of any format.
        _ => Some(('?', None)),
    }
}

fn signed(negative: bool, text: String) -> String {
    match negative {
        true => format!("-{text}"),
        false => text,
    }
}

/// The number as one digit before the point, and the exponent that makes up for it.
fn normalised(value: &Decimal) -> (Decimal, isize) {
    if value.is_zero() {
        return (value.clone(), 0);
    }
    let exponent = match value.whole.len() {
        0 => {
            -1 - count(
                value
                    .fraction
                    .bytes()
                    .take_while(|digit| *digit == b'0')
                    .count(),
            )
        }
        digits => count(digits) - 1,
    };
    (value.clone().shift(-exponent), exponent)
}

fn scientific(value: &Decimal, letter: char, places: usize) -> String {
    let (digits, mut exponent) = normalised(value);
    let mut digits = digits.round(places);
    if digits.whole.len() > 1 {
        digits = digits.shift(-1).round(places);
        exponent += 1;
    }
    let point = if places == 0 { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!(
        "{}{point}{}{letter}{sign}{:03}",
        digits.whole(false),
        digits.fraction,
        exponent.unsigned_abs()
    );
    signed(value.negative && !value.is_zero(), text)
}

/// So many significant digits, with an exponent only where it is needed.
fn general(value: &Decimal, letter: char, precision: Option<usize>) -> String {
    let Some(precision) = precision.filter(|precision| *precision > 0) else {
        let point = if value.fraction.is_empty() { "" } else { "." };
        let text = format!("{}{point}{}", value.whole(false), value.fraction);
        return signed(value.negative && !value.is_zero(), text);
    };
    let (digits, mut exponent) = normalised(value);
    let mut digits = digits.round(precision - 1);
    if digits.whole.len() > 1 {
        digits = digits.shift(-1);
        exponent += 1;
    }
    let plain = exponent > -5 && exponent < count(precision);
    if plain {
        digits = digits.shift(exponent);
    }
    let fraction = digits.fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let mut text = format!("{}{point}{fraction}", digits.whole(false));
    if !plain {
        let sign = if exponent < 0 { '-' } else { '+' };
        let letter = if letter == 'g' { 'e' } else { 'E' };
        text += &format!("{letter}{sign}{:02}", exponent.unsigned_abs());
    }
    signed(value.negative && !value.is_zero(), text)
}

fn count(digits: usize) -> isize {
    isize::try_from(digits).unwrap_or(isize::MAX)
}
