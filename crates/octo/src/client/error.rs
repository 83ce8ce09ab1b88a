//! What can go wrong between here and the server.

use api::ErrorBody;

/// A request that came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The address cannot be one.
    #[error("The server's address{} cannot be used: {reason}.", quoted(address))]
    Address {
        /// As given; empty when it must not be shown.
        address: String,
        /// Half a sentence.
        reason: &'static str,
    },
    /// No connection, or it broke.
    #[error("{}.", what_failed(server, source))]
    Unreachable {
        /// The server's address.
        server: String,
        /// Why.
        source: ureq::Error,
    },
    /// 401.
    #[error("{server} does not accept the {credential}.")]
    Unauthorized {
        /// The server's address.
        server: String,
        /// `API key` or `access token`.
        credential: &'static str,
    },
    /// 4xx or 5xx in the server's own words.
    #[error("{}", said(body))]
    Refused {
        /// HTTP status.
        status: u16,
        /// What it said.
        body: ErrorBody,
    },
    /// 3xx: not followed.
    #[error("{url} redirects to {location}.")]
    Redirected {
        /// What was asked.
        url: String,
        /// Where it points.
        location: String,
    },
    /// Somebody else answered.
    #[error(
        "{url} was answered with {found} (status {status}), which is no answer of an Octopus server."
    )]
    NotOctopus {
        /// What was asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// What came, in words.
        found: String,
    },
    /// Octopus answered, but not with what this version expects.
    #[error("The answer to {url} is not what this version of octo understands: {reason}.")]
    Unexpected {
        /// What was asked.
        url: String,
        /// The parser's words.
        reason: String,
    },
}

impl ClientError {
    /// Worth trying again: the server, or something on the way, is down for a moment.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { source, .. } => matches!(
                source,
                ureq::Error::Io(_)
                    | ureq::Error::Timeout(_)
                    | ureq::Error::HostNotFound
                    | ureq::Error::ConnectionFailed
                    | ureq::Error::Protocol(_)
            ),
            Self::Refused { status, .. } | Self::NotOctopus { status, .. } => {
                matches!(status, 429 | 502 | 503 | 504)
            }
            _ => false,
        }
    }
}

fn quoted(address: &str) -> String {
    match address {
        "" => String::new(),
        _ => format!(" \"{address}\""),
    }
}

fn what_failed(server: &str, error: &ureq::Error) -> String {
    use std::io::ErrorKind;
    match error {
        ureq::Error::Io(error)
            if matches!(
                error.kind(),
                ErrorKind::BrokenPipe
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::ConnectionReset
                    | ErrorKind::UnexpectedEof
            ) =>
        {
            format!("The connection to {server} broke")
        }
        _ => format!("{server} cannot be reached"),
    }
}

/// The cause of [`ClientError::Unreachable`] in words, without the prefix that names a layer.
pub(crate) fn cause(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        other => other.to_string(),
    }
}

fn said(body: &ErrorBody) -> String {
    let mut lines = vec![body.error_message.as_str()];
    lines.extend(
        body.errors
            .iter()
            .map(String::as_str)
            .filter(|error| *error != body.error_message),
    );
    lines.retain(|line| !line.is_empty());
    lines.join("\n  ")
}
