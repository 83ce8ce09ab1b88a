//! Replacement of parts of a text by byte ranges.

use std::ops::Range;

/// Replacements to be made at once.
#[derive(Debug, Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts `new` in place of a range of the source.
    pub(crate) fn replace(&mut self, range: Range<usize>, new: impl Into<String>) {
        self.0.push((range, new.into()));
    }

    /// The text with all replacements. One inside of, or across, an earlier range is left out.
    pub(crate) fn apply(mut self, text: &str) -> String {
        // What is inserted somewhere comes before what is replaced there.
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, new) in self.0 {
            if let Some(kept) = text.get(done..range.start)
                && text.get(range.clone()).is_some()
            {
                out.push_str(kept);
                out.push_str(&new);
                done = range.end;
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}

/// Line and column, from 1, of a byte offset; columns count characters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text
        .char_indices()
        .take_while(|(at, _)| *at < offset)
        .map(|(_, c)| c);
    before.fold((1, 1), |(line, column), c| match c {
        '\n' => (line + 1, 1),
        _ => (line, column + 1),
    })
}

/// The most common line ending of a text; `\n` if it has none.
pub(crate) fn line_ending(text: &str) -> &'static str {
    let windows = text.matches("\r\n").count();
    let unix = text.matches('\n').count() - windows;
    let old_mac = text.matches('\r').count() - windows;
    if windows > unix && windows >= old_mac {
        "\r\n"
    } else if old_mac > unix {
        "\r"
    } else {
        "\n"
    }
}

/// A text with all its line breaks written the same way.
pub(crate) fn with_line_ending(text: &str, line_ending: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.replace('\n', line_ending)
}
