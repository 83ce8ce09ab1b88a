//! What a store says when it refuses, in one line.

use std::fmt;

/// A refusal. Stores answer in XML, over several lines; here is what people need of it.
#[derive(Debug)]
pub struct Fault(pub(super) object_store::Error);

impl Fault {
    /// Whether a content was asked for that is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self.0, object_store::Error::NotFound { .. })
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_one_line(&channel::describe(&self.0)))
    }
}

fn in_one_line(text: &str) -> String {
    let code = between(text, "<Code>", "</Code>");
    let message = between(text, "<Message>", "</Message>");
    match code.zip(message) {
        Some((code, message)) => format!("{code}: {message}"),
        None => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

#[cfg(test)]
mod tests {
    use super::in_one_line;

    #[test]
    fn an_answer_in_xml_is_told_in_words() {
        for (text, line) in [
            (
                "404: <?xml?>\n<Error><Code>NoSuchBucket</Code><Message>It does not exist</Message></Error>",
                "NoSuchBucket: It does not exist",
            ),
            ("error sending\n  request", "error sending request"),
        ] {
            assert_eq!(in_one_line(text), line);
        }
    }
}
