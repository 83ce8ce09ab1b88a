//! Escapes for other formats.

use std::fmt::Write;

/// For HTML text and attributes.
pub fn html(input: &str) -> String {
    xml(input).replace('/', "&#x2F;")
}

/// For XML text and attributes.
pub fn xml(input: &str) -> String {
    each(input, |c, out| {
        out.push_str(match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&apos;",
            c => return out.push(c),
        });
    })
}

/// For the inside of a JSON string.
pub fn json(input: &str) -> String {
    each(input, |c, out| match c {
        '"' | '\\' => out.extend(['\\', c]),
        c if c < ' ' => control(c, out),
        c => out.push(c),
    })
}

/// For the inside of a single-quoted YAML string: one line break there reads as a space,
/// so a run of line breaks gets one more.
pub fn yaml_single(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(c) = rest.chars().next() {
        let line = match c {
            '\r' if rest.starts_with("\r\n") => "\r\n",
            '\r' => "\r",
            '\n' => "\n",
            _ => {
                out.push_str(if c == '\'' { "'" } else { "" });
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                continue;
            }
        };
        let after = rest.trim_start_matches(['\r', '\n']);
        out.push_str(rest.strip_suffix(after).unwrap_or_default());
        out.push_str(line);
        rest = after;
    }
    out
}

/// For the inside of a double-quoted YAML string; ASCII only.
pub fn yaml_double(input: &str) -> String {
    each(input, |c, out| match c {
        '"' | '\\' => out.extend(['\\', c]),
        c if c < ' ' => control(c, out),
        ' '..='~' => out.push(c),
        // YAML knows no surrogate pairs.
        '\u{10000}'.. => push_fmt(out, format_args!("\\U{:08x}", u32::from(c))),
        c => push_fmt(out, format_args!("\\u{:04x}", u32::from(c))),
    })
}

/// For a key of a Java .properties file; ASCII only.
pub fn properties_key(input: &str) -> String {
    each(input, |c, out| match c {
        ':' | '=' | '#' | '!' | ' ' => out.extend(['\\', c]),
        c => properties(c, out),
    })
}

/// For a value of a Java .properties file; ASCII only. Of spaces only a leading one is escaped.
pub fn properties_value(input: &str) -> String {
    let escaped = each(input, properties);
    match input.starts_with(' ') {
        true => format!("\\{escaped}"),
        false => escaped,
    }
}

fn properties(c: char, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\u{c}' => out.push_str("\\f"),
        ' '..='~' => out.push(c),
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                push_fmt(out, format_args!("\\u{unit:04x}"));
            }
        }
    }
}

/// Percent-encodes all that has no place in a URI; what separates its parts stays.
pub(super) fn uri(input: &str) -> String {
    percent(input, "-_.~;/?:@&=+$,#[]!*'()")
}

/// Percent-encodes a text that becomes one part of a URI.
pub(super) fn uri_data(input: &str) -> String {
    percent(input, "-_.~")
}

fn percent(input: &str, kept: &str) -> String {
    let mut out = String::with_capacity(input.len());
    for byte in input.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || kept.contains(c) {
            out.push(c);
        } else {
            push_fmt(&mut out, format_args!("%{byte:02X}"));
        }
    }
    out
}

fn control(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => push_fmt(out, format_args!("\\u{:04x}", u32::from(c))),
    }
}

fn each(input: &str, mut write: impl FnMut(char, &mut String)) -> String {
    let mut out = String::with_capacity(input.len());
    input.chars().for_each(|c| write(c, &mut out));
    out
}

fn push_fmt(out: &mut String, text: std::fmt::Arguments) {
    // Writing to a String can't fail.
    let _ = out.write_fmt(text);
}
