//! Percent-encoding of part names, and escaping of XML text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Decodes `%41` and such as .NET's `Uri.UnescapeDataString` does: what is not the
/// encoding of valid UTF-8 stays as it is.
pub(crate) fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        let mut run = Vec::new();
        rest = after;
        // `rest` begins right after a percent sign.
        loop {
            let Some((byte, after)) = hex_pair(rest) else {
                push_run(&mut decoded, &run);
                decoded.push('%');
                break;
            };
            run.push(byte);
            rest = after;
            let Some(after) = rest.strip_prefix('%') else {
                push_run(&mut decoded, &run);
                break;
            };
            rest = after;
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn push_run(decoded: &mut String, run: &[u8]) {
    for chunk in run.utf8_chunks() {
        decoded.push_str(chunk.valid());
        push_encoded(decoded, chunk.invalid());
    }
}

fn hex_pair(text: &str) -> Option<(u8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    // `from_str_radix` would take a sign.
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

/// Encodes all but RFC 3986's unreserved characters and `/`, as `Uri.EscapeDataString`
/// does for each part of a path.
#[cfg(feature = "pack")]
pub(crate) fn percent_encode_path(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/') {
            encoded.push(c);
        } else {
            push_encoded(&mut encoded, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    encoded
}

fn push_encoded(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

/// Escapes text for an XML element or attribute; characters that XML cannot hold are dropped.
#[cfg(feature = "nuspec")]
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#xD;"),
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
