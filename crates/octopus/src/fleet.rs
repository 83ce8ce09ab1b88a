//! Links to Tentacles, and what is known of each by its last answer.

mod artifacts;
mod health;
mod report;
mod traced;
mod transfer;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use channel::dial;
use tonic::{Code, Status};
use wire::v1::tentacle_client::TentacleClient;

pub use artifacts::Fetching;
pub use health::{check, keep_checking, look};
pub use report::report;
pub use traced::Traced;
pub use transfer::{SendError, send_package};

use crate::{app::App, store::machines::Machine};

/// A client of one machine's Tentacle; cheap to clone, connects when used.
pub type Client = TentacleClient<Traced>;

/// Longest wait for an answer to a short call.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// One channel per machine, made on first use.
#[derive(Default)]
pub struct Fleet {
    clients: Mutex<HashMap<Route, Client>>,
}

/// What a channel depends on: a machine that moved or changed its certificate gets another.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Route {
    uri: String,
    thumbprint: String,
}

/// A machine that can't be called.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// Its address.
    #[error(transparent)]
    Dial(#[from] channel::DialError),
    /// Its thumbprint.
    #[error(transparent)]
    Thumbprint(#[from] channel::ThumbprintError),
}

impl Fleet {
    /// The client of a machine.
    pub fn client(&self, app: &App, machine: &Machine) -> Result<Client, RouteError> {
        let route = Route {
            uri: machine.uri.clone(),
            thumbprint: machine.thumbprint.clone(),
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&route) {
            return Ok(client.clone());
        }
        let channel = dial(&route.uri, &app.identity, route.thumbprint.parse()?)?;
        let client = TentacleClient::new(Traced::new(channel, &route.uri));
        clients.insert(route, client.clone());
        Ok(client)
    }
}

/// Whether a call that failed so may work a little later: the link broke, the Tentacle
/// restarts, or it is about to be replaced.
pub fn is_passing(status: &Status) -> bool {
    // What a Tentacle says itself has no source: the link failed.
    let is_link = std::error::Error::source(status).is_some();
    is_link
        || matches!(
            status.code(),
            Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded
        )
}

/// A failed call in words: what the machine said, or why nothing was heard.
pub fn explain(status: &Status) -> String {
    // Layers in between say only "transport error"; the innermost one knows why.
    let mut innermost = std::error::Error::source(status);
    while let Some(deeper) = innermost.and_then(std::error::Error::source) {
        innermost = Some(deeper);
    }
    match innermost.map(ToString::to_string) {
        Some(cause) if status.message().is_empty() => cause,
        Some(cause) if !status.message().contains(&cause) => {
            format!("{}: {cause}", status.message())
        }
        _ => status.message().to_owned(),
    }
}
