//! SHA-256 thumbprints of certificates.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

/// SHA-256 of a certificate's DER form; printed as 64 upper-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thumbprint([u8; 32]);

/// A text that is no thumbprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no thumbprint: it takes 64 hexadecimal digits, as `tentacle show-thumbprint` prints them"
)]
pub struct ThumbprintError(String);

impl Thumbprint {
    /// The thumbprint of a certificate in DER form.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }
}

impl FromStr for Thumbprint {
    type Err = ThumbprintError;

    /// Takes either case; spaces and colons between digits are ignored, as tools print them.
    fn from_str(text: &str) -> Result<Self, ThumbprintError> {
        let error = || ThumbprintError(text.chars().take(80).collect());
        let digits = text
            .chars()
            .filter(|c| !matches!(c, ' ' | ':'))
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(error)?;
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(error());
        }
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        Ok(Self(bytes.try_into().map_err(|_| error())?))
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        let thumbprint = Thumbprint::of(b"abc");
        let text = thumbprint.to_string();
        assert_eq!(
            text,
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
        );
        assert_eq!(text.parse(), Ok(thumbprint));
        assert_eq!(text.to_lowercase().parse(), Ok(thumbprint));
        let with_colons: String = text
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair) + ":")
            .collect();
        assert_eq!(with_colons.parse(), Ok(thumbprint));
    }

    #[test]
    fn refuses_what_is_none() {
        for text in ["", "AB", "ZZ", "ABC", &"A".repeat(63), &"A".repeat(66), "é"] {
            let error = text.parse::<Thumbprint>().unwrap_err();
            assert!(error.to_string().contains("64 hexadecimal digits"));
        }
    }
}
