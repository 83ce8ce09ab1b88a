//! The ways out: what a person can do about a failure.

use transforms::TransformError;
use variables::EvaluateError;

use crate::client::ClientError;
use crate::config::ConfigError;

use super::Error;

/// How many names are listed before the rest is only counted.
const MOST_NAMES: usize = 10;

/// What to do about an error; empty when its message says it all.
pub(super) fn of(error: &Error) -> Vec<String> {
    match error {
        Error::Usage { hint, .. } => vec![hint.clone()],
        Error::Client(error) => of_client(error),
        Error::Config(error) => of_config(error),
        Error::Unknown { kind, name, known } => vec![of_name(kind, name, known)],
        Error::Files { hint, .. } => vec![(*hint).to_owned()],
        Error::Variables { .. } => vec![
            "Write {\"Name\": \"value\"}, or \
             [{\"Name\": \"…\", \"Value\": \"…\", \"Scope\": {\"Environment\": [\"…\"]}}]."
                .to_owned(),
        ],
        Error::Text {
            source: TransformError::Evaluate(EvaluateError::Parse(_)),
            ..
        } => vec![
            "Write ##{ where #{ is plain text, and put an argument in quotes that holds more than \
             letters, digits and _-:/~()@."
                .to_owned(),
        ],
        Error::Missing { .. } => {
            vec!["Give them values in --variables, or leave out --strict.".to_owned()]
        }
        Error::Task { id, .. } => vec![format!("octo task view {id} shows what it did.")],
        Error::TimedOut { cancelled, .. } => vec![
            if *cancelled {
                "They were asked to stop."
            } else {
                "They go on. Give --timeout more seconds, or --cancel-on-timeout to stop them."
            }
            .to_owned(),
        ],
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|hint| !hint.is_empty())
    .collect()
}

fn of_client(error: &ClientError) -> Vec<String> {
    let hint = match error {
        ClientError::Address { .. } => {
            "Give an address such as https://octopus.example.com with --server or OCTOPUS_URL."
        }
        ClientError::Unreachable { source, .. } => return of_connection(source),
        ClientError::Unauthorized { .. } => {
            "Give a valid key with --api-key or OCTOPUS_API_KEY, or save one with octo login. \
             On the server, octopus api-key create makes one."
        }
        ClientError::Redirected { .. } => "Give the address that it redirects to with --server.",
        ClientError::NotOctopus {
            status: 502..=504, ..
        } => "A proxy answered in the server's place. Try again when the server is up.",
        ClientError::NotOctopus { .. } => {
            "Check the address: --server and OCTOPUS_URL name the server itself, \
             such as https://octopus.example.com, without /api or /app."
        }
        ClientError::Unexpected { .. } => "Use the octo that belongs to the server's version.",
        ClientError::Refused { status: 403, .. } => "Use the key of a user who may do this.",
        ClientError::Refused { .. } => "",
    };
    vec![hint.to_owned()]
}

fn of_connection(error: &ureq::Error) -> Vec<String> {
    let text = error.to_string();
    // The TLS library reports a foreign authority inside an I/O error, so only words are left.
    let hint = if text.contains("certificate") {
        "This machine does not trust the server's certificate: install the certificate of its \
         authority, or name it in SSL_CERT_FILE."
    } else if text.contains("corrupt message") || text.contains("InvalidContentType") {
        "The server does not speak TLS on this port: try http:// in place of https://."
    } else {
        "Check that the server runs, and that --server or OCTOPUS_URL names it."
    };
    vec![hint.to_owned()]
}

fn of_config(error: &ConfigError) -> Vec<String> {
    let hint = match error {
        ConfigError::NoPlace => "Set OCTO_CONFIG to the path of a file.",
        ConfigError::Damaged { .. } => "Delete it, then run octo login.",
        ConfigError::Read { .. } | ConfigError::Write { .. } => {
            "Check its permissions, or set OCTO_CONFIG to another path."
        }
    };
    vec![hint.to_owned()]
}

/// The names that could be meant, else those that exist.
fn of_name(kind: &str, name: &str, known: &[String]) -> String {
    if known.is_empty() {
        return format!("No {kind} exists yet.");
    }
    let wanted = name.to_lowercase();
    let mut close: Vec<(f64, &str)> = known
        .iter()
        .map(|known| {
            let close = strsim::jaro_winkler(&wanted, &known.to_lowercase());
            (close, known.as_str())
        })
        // From here on, two names look alike to people.
        .filter(|(close, _)| *close >= 0.85)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0));
    if !close.is_empty() {
        let names: Vec<&str> = close.iter().take(3).map(|(_, name)| *name).collect();
        return format!("Did you mean {}?", names.join(" or "));
    }
    let shown = known.iter().take(MOST_NAMES).map(String::as_str);
    let mut text = format!("There is: {}", shown.collect::<Vec<_>>().join(", "));
    if let Some(more @ 1..) = known.len().checked_sub(MOST_NAMES) {
        text.push_str(&format!(" and {more} more"));
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(name: &str, known: &[&str], expected: &Expect) {
        let known: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
        expected.assert_eq(&of_name("environment", name, &known));
    }

    #[test]
    fn names_that_could_be_meant() {
        check(
            "stagin",
            &["Production", "Staging"],
            &expect!["Did you mean Staging?"],
        );
        check(
            "web-1",
            &["web-01", "web-02", "db-1"],
            &expect!["Did you mean web-01 or web-02?"],
        );
        check(
            "Test",
            &["Production", "Staging"],
            &expect!["There is: Production, Staging."],
        );
        check("Test", &[], &expect!["No environment exists yet."]);
        let many: Vec<String> = (0..12).map(|n| format!("{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(
            "x",
            &many,
            &expect!["There is: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more."],
        );
    }
}
