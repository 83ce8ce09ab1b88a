//! Extended headers (POSIX.1-2001 `pax`): what the next entry is really called.

/// What an extended header says of the entry after it, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    /// Whole seconds since 1970-01-01 UTC.
    pub(super) modified: Option<i64>,
    /// The content is not the file, but a description of its parts.
    pub(super) sparse: bool,
}

impl Pax {
    /// Reads the records `<length> <key>=<value>\n`; of two with the same key the later counts.
    /// None when one of them is not of this form.
    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut pax = Self::default();
        while !bytes.is_empty() {
            let (key, value, rest) = record(bytes)?;
            bytes = rest;
            match key {
                b"path" => pax.path = Some(value.to_owned()),
                b"linkpath" => pax.link = Some(value.to_owned()),
                b"size" => pax.size = Some(digits(value)?),
                b"mtime" => pax.modified = Some(seconds(value)?),
                _ => pax.sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
        Some(pax)
    }

    /// Whether it changes which file an entry is.
    pub(super) fn renames(&self) -> bool {
        self.path.is_some() || self.link.is_some() || self.size.is_some() || self.sparse
    }
}

/// Key, value, and what follows. A value may hold line breaks; its length is what counts.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().position(|byte| *byte == b' ')?;
    let length = usize::try_from(digits(bytes.get(..space)?)?).ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    let (key, value) = record.split_at_checked(equals)?;
    Some((key, value.strip_prefix(b"=")?, rest))
}

fn digits(text: &[u8]) -> Option<u64> {
    // `parse` would take a sign.
    let all = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    all.then(|| std::str::from_utf8(text).ok()?.parse().ok())?
}

/// The seconds of `-1.5`, rounded down.
fn seconds(text: &[u8]) -> Option<i64> {
    let negative = text.strip_prefix(b"-");
    let mut parts = negative.unwrap_or(text).split(|byte| *byte == b'.');
    let whole = i64::try_from(digits(parts.next()?)?).ok()?;
    let fraction = parts.next().unwrap_or_default();
    if parts.next().is_some() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let up = i64::from(fraction.iter().any(|digit| *digit != b'0'));
    match negative {
        Some(_) => whole.checked_neg()?.checked_sub(up),
        None => Some(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::Pax;

    #[test]
    fn records_are_taken_by_their_length() {
        let pax = |path: Option<&str>, modified| {
            Some(Pax {
                path: path.map(|path| path.as_bytes().to_owned()),
                modified,
                ..Pax::default()
            })
        };
        for (text, expected) in [
            ("", pax(None, None)),
            ("9 path=a\n", pax(Some("a"), None)),
            ("9 path=a\n9 path=b\n", pax(Some("b"), None)),
            ("12 path=a\nb\n", pax(Some("a\nb"), None)),
            ("12 path=a=b\n", pax(Some("a=b"), None)),
            ("13 mtime=1.5\n", pax(None, Some(1))),
            ("14 mtime=-1.5\n", pax(None, Some(-2))),
            ("14 mtime=-1.0\n", pax(None, Some(-1))),
            ("17 comment=a=b\nc\n", pax(None, None)),
            ("9 path=a", None),
            ("8 path=a\n", None),
            ("11 path=a\n", None),
            ("path=a\n", None),
            ("+9 path=a\n", None),
            ("99999999999999999999 path=a\n", None),
            ("0 path=a\n", None),
            ("5 path\n", None),
            ("7 path\n", None),
            ("11 size=-1\n", None),
            ("10 mtime=\n", None),
            ("15 mtime=1.2.3\n", None),
        ] {
            assert_eq!(Pax::parse(text.as_bytes()), expected, "{text:?}");
        }
    }
}
