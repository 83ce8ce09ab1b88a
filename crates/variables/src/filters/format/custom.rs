//! Custom format strings for numbers: `#,##0.00;(0.00);zero`. Exponents are not supported.

use super::decimal::{Decimal, group};

/// One element of a format string.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// `0` or `#`.
    Digit {
        zero: bool,
    },
    Point,
    Comma,
    Percent,
    PerMille,
    Literal(char),
}

/// Formats a number; nothing for a format string that can't be read.
pub(super) fn number(value: &Decimal, format: &str) -> Option<String> {
    let sections = sections(format)?;
    let filled = |at: usize| sections.get(at).filter(|section| !section.is_empty());
    let first = sections.first()?;
    let (section, signed) = match filled(1) {
        Some(section) if value.negative && !value.is_zero() => (section, false),
        _ => (first, true),
    };
    let rounded = scaled(value, section);
    // What rounds to zero is shown by the section for zero, or by the first one.
    let (section, rounded) = match (rounded.is_zero(), filled(2)) {
        (true, Some(zero)) => (zero, scaled(value, zero)),
        (true, None) if !signed => (first, scaled(value, first)),
        _ => (section, rounded),
    };
    let sign = if signed && value.negative && !rounded.is_zero() {
        "-"
    } else {
        ""
    };
    Some(format!("{sign}{}", fill(&rounded, section)))
}

/// Splits at `;` outside quotes, and reads each section.
fn sections(format: &str) -> Option<Vec<Vec<Part>>> {
    let mut sections = vec![Vec::new()];
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        let part = match c {
            ';' => {
                sections.push(Vec::new());
                continue;
            }
            '\'' | '"' => {
                let (text, after) = characters.as_str().split_once(c)?;
                sections.last_mut()?.extend(text.chars().map(Part::Literal));
                characters = after.chars();
                continue;
            }
            '\\' => Part::Literal(characters.next()?),
            '0' => Part::Digit { zero: true },
            '#' => Part::Digit { zero: false },
            '.' => Part::Point,
            ',' => Part::Comma,
            '%' => Part::Percent,
            '‰' => Part::PerMille,
            'E' | 'e' if characters.as_str().starts_with(['0', '+', '-']) => return None,
            c => Part::Literal(c),
        };
        sections.last_mut()?.push(part);
    }
    Some(sections)
}

/// The number as the section shows it: scaled and rounded to its digits.
fn scaled(value: &Decimal, section: &[Part]) -> Decimal {
    let mut shift = 0;
    for part in section {
        shift += match part {
            Part::Percent => 2,
            Part::PerMille => 3,
            _ => 0,
        };
    }
    // Each comma right before the point, or at the end, divides by a thousand.
    let whole = whole_parts(section);
    let last_digit = whole
        .iter()
        .rposition(|part| matches!(part, Part::Digit { .. }));
    let commas = whole
        .iter()
        .skip(last_digit.map_or(whole.len(), |at| at + 1))
        .filter(|part| **part == Part::Comma);
    shift -= 3 * isize::try_from(commas.count()).unwrap_or_default();
    let places = digits(section.get(whole.len()..).unwrap_or_default()).count();
    value.clone().shift(shift).round(places)
}

fn whole_parts(section: &[Part]) -> &[Part] {
    let end = section.iter().position(|part| *part == Part::Point);
    section
        .get(..end.unwrap_or(section.len()))
        .unwrap_or_default()
}

/// For each digit of the parts whether it is a `0`.
fn digits(parts: &[Part]) -> impl DoubleEndedIterator<Item = bool> {
    parts.iter().filter_map(|part| match part {
        Part::Digit { zero } => Some(*zero),
        _ => None,
    })
}

fn fill(value: &Decimal, section: &[Part]) -> String {
    let whole = whole_parts(section);
    let places = digits(whole).count();
    // Digits from the first `0` on are always shown.
    let needed = digits(whole)
        .position(|zero| zero)
        .map_or(0, |at| places - at);
    let shown = format!("{:0>needed$}", value.whole);
    let inner_comma = {
        let first = whole
            .iter()
            .position(|part| matches!(part, Part::Digit { .. }));
        let last = whole
            .iter()
            .rposition(|part| matches!(part, Part::Digit { .. }));
        let inside = whole
            .get(first.unwrap_or(0)..last.unwrap_or(0))
            .unwrap_or_default();
        inside.contains(&Part::Comma)
    };
    let fraction_parts = section.get(whole.len()..).unwrap_or_default();
    // Zeros after the last `0` of the format are left out.
    let least = digits(fraction_parts).rev().position(|zero| zero);
    let least = least.map_or(0, |at| digits(fraction_parts).count() - at);
    let mut fraction = value.fraction.clone();
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }

    let mut out = String::new();
    let mut left = places;
    let mut after = fraction.chars();
    let mut in_fraction = false;
    let grouped = if inner_comma {
        group(&shown)
    } else {
        shown.clone()
    };
    // How many digits each `0` and `#` takes from the left; the first takes what is too many.
    let mut pending = grouped.chars();
    let mut remaining = shown.len();
    for part in section {
        match part {
            Part::Digit { .. } if in_fraction => out.extend(after.next()),
            Part::Digit { .. } => {
                while remaining >= left && remaining > 0 {
                    match pending.next() {
                        Some(',') => out.push(','),
                        Some(digit) => {
                            out.push(digit);
                            remaining -= 1;
                        }
                        None => break,
                    }
                }
                left = left.saturating_sub(1);
            }
            Part::Point if in_fraction => {}
            Part::Point => {
                in_fraction = true;
                if !fraction.is_empty() {
                    out.push('.');
                }
            }
            Part::Comma => {}
            Part::Percent => out.push('%'),
            Part::PerMille => out.push('‰'),
            Part::Literal(c) => out.push(*c),
        }
    }
    out
}
