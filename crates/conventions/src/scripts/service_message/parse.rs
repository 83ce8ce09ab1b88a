//! Parses one message, from behind its `##octopus[`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Mode, ServiceMessage, Stream};
use crate::scripts::Level;

/// The message and what stands behind its `]`, or `None` for what is no valid message.
pub(super) fn message(text: &str) -> Option<(ServiceMessage, &str)> {
    let end_of_name = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let (name, mut rest) = text.split_at(end_of_name);
    if name.is_empty() {
        return None;
    }
    let mut attributes = Attributes(Vec::new());
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        if let Some(after) = trimmed.strip_prefix(']') {
            return Some((interpret(name, &attributes)?, after));
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        let (key, value) = trimmed.split_once("='")?;
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let (value, after) = value.split_once('\'')?;
        let value = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
        attributes.0.push((key, value));
        rest = after;
    }
}

struct Attributes<'a>(Vec<(&'a str, String)>);

impl Attributes<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// An attribute that must be there and say something.
    fn required(&self, name: &str) -> Option<String> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    fn optional(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

fn interpret(name: &str, attributes: &Attributes<'_>) -> Option<ServiceMessage> {
    Some(match name {
        "setVariable" => ServiceMessage::SetVariable {
            name: attributes.required("name")?,
            value: attributes.get("value")?.to_owned(),
            sensitive: attributes
                .optional("sensitive")
                .eq_ignore_ascii_case("true"),
        },
        "createArtifact" => ServiceMessage::CreateArtifact {
            path: attributes.required("path")?,
            name: attributes.optional("name"),
        },
        "progress" => ServiceMessage::Progress {
            percentage: attributes
                .get("percentage")?
                .trim()
                .parse()
                .ok()
                .filter(|percentage| *percentage <= 100)?,
            message: attributes.optional("message"),
        },
        "resultMessage" => ServiceMessage::ResultMessage(attributes.get("message")?.to_owned()),
        "mask" => ServiceMessage::Mask(attributes.required("value")?),
        _ => match mode(name) {
            Some((stream, mode)) if attributes.0.is_empty() => ServiceMessage::Mode(stream, mode),
            Some(_) => return None,
            None => ServiceMessage::Unknown(name.to_owned()),
        },
    })
}

fn mode(name: &str) -> Option<(Stream, Mode)> {
    let (stream, mode) = name.split_once('-')?;
    let stream = match stream {
        "stdout" => Stream::Out,
        "stderr" => Stream::Err,
        _ => return None,
    };
    let mode = match (stream, mode) {
        (_, "default") => Mode::Default,
        (_, "ignore") => Mode::Ignore,
        // For programs that report their progress on standard error.
        (_, "verbose") | (Stream::Err, "progress") => Mode::Level(Level::Verbose),
        (_, "highlight") => Mode::Level(Level::Highlight),
        (_, "wait") => Mode::Level(Level::Wait),
        (_, "warning") => Mode::Level(Level::Warning),
        (_, "error") => Mode::Level(Level::Error),
        _ => return None,
    };
    Some((stream, mode))
}
