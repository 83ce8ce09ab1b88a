//! The address of a server, as people type it.

use std::fmt;
use std::str::FromStr;

use ureq::http::Uri;

use super::ClientError;

/// `http://` or `https://`, host, maybe port and path; no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// The address of `path`, which begins with a slash.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for Address {
    type Err = ClientError;

    fn from_str(text: &str) -> Result<Self, ClientError> {
        let text = text.trim();
        let refuse = |shown: &str, reason: &'static str| {
            Err(ClientError::Address {
                address: shown.to_owned(),
                reason,
            })
        };
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            return refuse(text, "it must begin with http:// or https://");
        }
        let Ok(uri) = Uri::from_str(text) else {
            return refuse(text, "it is not a URL");
        };
        if uri.authority().is_none_or(|a| a.as_str().contains('@')) {
            // The part before the @ may be a password, so it is not shown.
            return refuse("", "it must not hold a user name or password");
        }
        if uri.host().is_none_or(str::is_empty) {
            return refuse(text, "it names no host");
        }
        if uri.query().is_some() || text.contains('#') {
            return refuse(text, "it must end before ? and #");
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Percent-encodes everything that is not unreserved (RFC 3986, section 2.3), so that a name
/// with a slash stays one segment.
pub(super) fn escape(segment: &str) -> String {
    let mut escaped = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn addresses() {
        let check = |text: &str, expected: Expect| {
            let shown = match text.parse::<Address>() {
                Ok(address) => address.join("/api"),
                Err(error) => error.to_string(),
            };
            expected.assert_eq(&shown);
        };
        check(
            "http://localhost:8065",
            expect!["http://localhost:8065/api"],
        );
        check(
            " HTTPS://Octopus.example/x// ",
            expect!["HTTPS://Octopus.example/x/api"],
        );
        check(
            "octopus.example",
            expect![[
                r#"The server's address "octopus.example" cannot be used: it must begin with http:// or https://."#
            ]],
        );
        check(
            "http://",
            expect![[r#"The server's address "http://" cannot be used: it is not a URL."#]],
        );
        check(
            "http://a b",
            expect![[r#"The server's address "http://a b" cannot be used: it is not a URL."#]],
        );
        check(
            "https://me:secret@octopus.example",
            expect![
                "The server's address cannot be used: it must not hold a user name or password."
            ],
        );
        check(
            "http://x/app#/Spaces-1",
            expect![[
                r#"The server's address "http://x/app#/Spaces-1" cannot be used: it must end before ? and #."#
            ]],
        );
    }

    #[test]
    fn a_segment_stays_one_segment() {
        assert_eq!(escape("Ünit/a b.1~x_y-z%"), "%C3%9Cnit%2Fa%20b.1~x_y-z%25");
    }
}
