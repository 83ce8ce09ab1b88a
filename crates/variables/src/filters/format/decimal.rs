//! Decimal digits of a number, exact, for rounding as .NET does: half away from zero.

/// A number as digits before and after the point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// Without leading zeros; empty for zero.
    pub(super) whole: String,
    pub(super) fraction: String,
}

impl Decimal {
    /// Digits with an optional sign, thousands separators and a fraction; no exponent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.replace(',', "");
        let all = whole.len() + fraction.len();
        let valid = whole
            .bytes()
            .chain(fraction.bytes())
            .all(|b| b.is_ascii_digit());
        if !valid || all == 0 || all > 60 || digits.starts_with(',') {
            return None;
        }
        Some(Self {
            negative,
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.to_owned(),
        })
    }

    /// All digits of a finite double, which can be many.
    pub(super) fn of(value: f64) -> Self {
        let text = format!("{:.1074}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        Self {
            negative: value.is_sign_negative(),
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.trim_end_matches('0').to_owned(),
        }
    }

    /// The number with this many digits after the point.
    pub(super) fn round(&self, places: usize) -> Self {
        let mut digits: Vec<u8> = self.whole.bytes().chain(self.fraction.bytes()).collect();
        let kept = self.whole.len() + places;
        let up = digits.get(kept).is_some_and(|digit| *digit >= b'5');
        digits.resize(kept, b'0');
        let mut carry = up;
        for digit in digits.iter_mut().rev() {
            if carry {
                carry = *digit == b'9';
                *digit = if carry { b'0' } else { *digit + 1 };
            }
        }
        if carry {
            digits.insert(0, b'1');
        }
        let text: String = digits.into_iter().map(char::from).collect();
        let (whole, fraction) = text.split_at(text.len().saturating_sub(places));
        Self {
            negative: self.negative,
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.to_owned(),
        }
    }

    /// The number with the point moved to the right, for a positive count, or to the left.
    pub(super) fn shift(mut self, count: isize) -> Self {
        for _ in 0..count {
            let digit = if self.fraction.is_empty() {
                '0'
            } else {
                self.fraction.remove(0)
            };
            self.whole.push(digit);
        }
        for _ in count..0 {
            let digit = self.whole.pop().unwrap_or('0');
            self.fraction.insert(0, digit);
        }
        self.whole = self.whole.trim_start_matches('0').to_owned();
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|digit| digit == b'0')
    }

    /// The digits before the point, at least one, in groups of three if wanted.
    pub(super) fn whole(&self, grouped: bool) -> String {
        let whole = if self.whole.is_empty() {
            "0"
        } else {
            &self.whole
        };
        match grouped {
            true => group(whole),
            false => whole.to_owned(),
        }
    }
}

/// Digits with a `,` before each three of the end.
pub(super) fn group(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
