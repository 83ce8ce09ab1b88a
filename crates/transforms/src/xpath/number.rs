//! Numbers as XPath reads and writes them.

/// The number that a text holds; NaN if it is none. `+1`, `1e5` and `inf` are none.
pub(super) fn from_text(text: &str) -> f64 {
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    match digits.chars().all(|c| c.is_ascii_digit() || c == '.') {
        true => trimmed.parse().unwrap_or(f64::NAN),
        false => f64::NAN,
    }
}

/// Without an exponent, and without `.0`.
pub(super) fn to_text(number: f64) -> String {
    if number.is_infinite() {
        let sign = if number > 0.0 { "" } else { "-" };
        return format!("{sign}Infinity");
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    number.to_string()
}

/// To the nearest whole number, up if two are.
pub(super) fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}
