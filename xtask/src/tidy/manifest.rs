//! The lines of a `Cargo.toml`, as far as checks need them.

/// One `key = value`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// From 1.
    pub(super) line: usize,
    /// Between the brackets of the last header above; empty before the first.
    pub(super) section: &'a str,
    pub(super) key: &'a str,
    /// As it is written, without a comment behind it.
    pub(super) value: &'a str,
}

/// Reads entries that stand on one line each; the rest of a longer value is passed over.
pub(super) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut section = "";
    let mut entries = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split(" #").next().unwrap_or(line).trim();
        if let Some(header) = code
            .strip_prefix('[')
            .and_then(|code| code.strip_suffix(']'))
        {
            section = header;
        } else if let Some((key, value)) = code.split_once('=').filter(|_| !code.starts_with('#')) {
            entries.push(Entry {
                line: index + 1,
                section,
                key: key.trim(),
                value: value.trim(),
            });
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::{Entry, entries};

    #[test]
    fn entries_know_their_section() {
        let text = "# a = 1\n[package]\nname = \"x\" # why\nversion.workspace = true\n\n[lints]\nworkspace = true\n";
        let entry = |line, section, key, value| Entry {
            line,
            section,
            key,
            value,
        };
        let expected = [
            entry(3, "package", "name", "\"x\""),
            entry(4, "package", "version.workspace", "true"),
            entry(7, "lints", "workspace", "true"),
        ];
        assert_eq!(entries(text), expected);
    }
}
