//! Cuts a stream of bytes into lines, in bounded memory.

/// A line up to this length is looked at as a whole, and so can hold a message.
const LIMIT: usize = 1024 * 1024;

/// A line that begins as a message does may be longer: in parts, the value of a sensitive variable
/// would be shown.
const MESSAGE_LIMIT: usize = 16 * LIMIT;
const MESSAGE: &[u8] = b"##octopus[";

/// What a stream of bytes turns into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A whole line without its line break.
    Line(String),
    /// A part of a line that is too long to be looked at as a whole.
    Part(String),
    /// The end of a line that came in parts.
    EndOfParts,
}

/// Collects bytes until there is a line. Bytes that are no UTF-8 become U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
    in_parts: bool,
}

impl Lines {
    /// Takes the next bytes and gives what is complete by now.
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Piece)) {
        for chunk in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.pending.extend_from_slice(chunk);
            if self.pending.pop_if(|byte| *byte == b'\n').is_some() {
                self.pending.pop_if(|byte| *byte == b'\r');
                self.end_line(sink);
            } else if self.pending.len() > self.limit() {
                let rest = self
                    .pending
                    .split_off(end_of_whole_characters(&self.pending));
                sink(Piece::Part(text(&self.pending)));
                self.pending = rest;
                self.in_parts = true;
            }
        }
    }

    fn limit(&self) -> usize {
        match !self.in_parts && self.pending.starts_with(MESSAGE) {
            true => MESSAGE_LIMIT,
            false => LIMIT,
        }
    }

    /// The stream is at its end: gives a last line that has no line break.
    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(Piece)) {
        if self.in_parts || !self.pending.is_empty() {
            self.end_line(sink);
        }
    }

    fn end_line(&mut self, sink: &mut dyn FnMut(Piece)) {
        let text = text(&std::mem::take(&mut self.pending));
        if std::mem::take(&mut self.in_parts) {
            sink(Piece::Part(text));
            sink(Piece::EndOfParts);
        } else {
            sink(Piece::Line(text));
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where to cut so that no UTF-8 character is torn: before a last one that is not complete.
/// A carriage return stays behind, too: it may belong to a line break.
fn end_of_whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes
        .iter()
        .rev()
        .take(4)
        .position(|byte| *byte & 0xC0 != 0x80);
    let Some(start) = tail.map(|back| bytes.len() - 1 - back) else {
        return bytes.len();
    };
    match bytes.get(start..).map(std::str::from_utf8) {
        Some(Ok(last)) if last != "\r" => bytes.len(),
        Some(Err(error)) if error.error_len().is_some() => bytes.len(),
        _ => start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out must not depend on how the bytes are cut.
    fn check(bytes: &[u8], expected: &[Piece]) {
        for size in [1, 2, 3, 7, bytes.len().max(1)] {
            let mut lines = Lines::default();
            let mut pieces = Vec::new();
            for chunk in bytes.chunks(size) {
                lines.feed(chunk, &mut |piece| pieces.push(piece));
            }
            lines.finish(&mut |piece| pieces.push(piece));
            assert_eq!(pieces, expected, "in chunks of {size}");
        }
    }

    fn line(text: &str) -> Piece {
        Piece::Line(text.to_owned())
    }

    #[test]
    fn lines_end_at_line_breaks() {
        check(b"", &[]);
        check(b"a", &[line("a")]);
        check(
            b"a\n\nb\r\n\r\r\n",
            &[line("a"), line(""), line("b"), line("\r")],
        );
        check("ä\u{1F419}\nü".as_bytes(), &[line("ä\u{1F419}"), line("ü")]);
        check(b"a\xFFb\xC3\n", &[line("a\u{FFFD}b\u{FFFD}")]);
    }

    #[test]
    fn a_long_line_comes_in_parts_without_torn_characters() {
        let text = "\u{1F419}".repeat(LIMIT);
        let mut lines = Lines::default();
        let (mut joined, mut ends, mut longest) = (String::new(), 0, 0);
        let mut sink = |piece| match piece {
            Piece::Part(part) => {
                longest = longest.max(part.len());
                joined.push_str(&part);
            }
            Piece::EndOfParts => ends += 1,
            Piece::Line(line) => assert_eq!(line, "next"),
        };
        for chunk in format!("{text}\r\nnext").as_bytes().chunks(4093) {
            lines.feed(chunk, &mut sink);
        }
        lines.finish(&mut sink);
        assert!(joined == text, "the parts make up the line");
        assert_eq!(ends, 1);
        assert!(longest <= LIMIT + 4093);
    }

    #[test]
    fn a_long_message_comes_whole_but_has_a_limit_too() {
        let long = |length: usize| format!("##octopus[{}", "x".repeat(length));
        for (text, is_whole) in [
            (long(LIMIT + 1), true),
            (long(MESSAGE_LIMIT), false),
            (format!("-{}", long(LIMIT + 1)), false),
        ] {
            let mut lines = Lines::default();
            let mut pieces = Vec::new();
            for chunk in text.as_bytes().chunks(65_536) {
                lines.feed(chunk, &mut |piece| pieces.push(piece));
            }
            lines.finish(&mut |piece| pieces.push(piece));
            assert_eq!(pieces == [line(&text)], is_whole, "{}", text.len());
        }
    }

    #[test]
    fn a_cut_falls_before_an_unfinished_character_only() {
        assert_eq!(end_of_whole_characters("aä".as_bytes()), 3);
        assert_eq!(end_of_whole_characters(b"a\xC3"), 1);
        assert_eq!(end_of_whole_characters(b"a\xF0\x9F\x90"), 1);
        assert_eq!(end_of_whole_characters(b"a\r"), 1);
        assert_eq!(end_of_whole_characters(b"a\xFF"), 2);
        assert_eq!(end_of_whole_characters(b"\x80\x80\x80\x80\x80"), 5);
    }
}
