//! The report as JSON. Times are UTC as in RFC 3339; what is not known is null.

use layout::Standing;

use super::{Report, Version};
use crate::utc::utc;

impl Report {
    /// One object on one line. Keys are only ever added.
    pub(crate) fn json(&self) -> String {
        let status = &self.status;
        let running = self.supervised && status.state.as_deref() == Some("running");
        let now = |value: &Option<String>| optional(value.as_deref().filter(|_| running));
        let state = match self.supervised {
            true => status.state.as_deref().unwrap_or("starting"),
            false => "stopped",
        };
        let time = |at: Option<u64>| optional(at.filter(|_| self.supervised).map(utc).as_deref());
        let pin = match &self.pin {
            Some(Ok(version)) => string(&version.to_string()),
            Some(Err(_)) | None => "null".to_owned(),
        };
        let problems = self
            .pin
            .iter()
            .filter_map(|pin| pin.as_ref().err())
            .chain(&self.ledger_error);
        object(&[
            ("state", string(state)),
            ("version", now(&status.version)),
            ("pid", number(status.pid.as_deref().filter(|_| running))),
            ("since", time(status.since)),
            ("next_try", time(status.next_try)),
            (
                "why",
                optional(status.why.as_deref().filter(|_| self.supervised)),
            ),
            ("pin", pin),
            ("problems", array(problems.map(|problem| string(problem)))),
            ("versions", array(self.versions.iter().map(version))),
        ])
    }
}

fn version(one: &Version) -> String {
    let (reason, detail) = match &one.entry.standing {
        Standing::Bad { reason, detail } => (Some(reason.as_str()), Some(detail.as_str())),
        Standing::Trial | Standing::Good => (None, None),
    };
    object(&[
        ("version", string(&one.version.to_string())),
        ("standing", string(one.entry.standing.as_str())),
        ("reason", optional(reason)),
        ("detail", optional(detail)),
        ("stamp", string(one.entry.stamp.as_str())),
        ("installed", one.installed.to_string()),
    ])
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", string(key)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn array(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(","))
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

fn number(text: Option<&str>) -> String {
    let number: Option<u32> = text.and_then(|text| text.parse().ok());
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

/// RFC 8259, section 7: quotes, backslashes and control characters are escaped.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            control if control < ' ' => quoted += &format!("\\u{:04x}", u32::from(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
