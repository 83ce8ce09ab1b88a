//! Links to Tentacles, and what is known of each by its last answer.

mod health;
mod report;
mod transfer;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use channel::dial;
use tonic::{Code, Status, transport::Channel};
use wire::v1::tentacle_client::TentacleClient;

pub use health::{check, keep_checking};
pub use report::report;
pub use transfer::{SendError, send_package};

use crate::{app::App, store::machines::Machine};

/// A client of one machine's Tentacle; cheap to clone, connects when used.
pub type Client = TentacleClient<Channel>;

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
        let client = TentacleClient::new(channel);
        clients.insert(route, client.clone());
        Ok(client)
    }
}

/// Whether a call that failed so may work a little later: the link broke, the Tentacle
/// restarts, or it is about to be replaced.
pub fn is_passing(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded
    )
}

/// A failed call in words: what the machine said, or why nothing was heard.
pub fn explain(status: &Status) -> String {
    let chain = channel::describe(status);
    if std::error::Error::source(status).is_none() {
        return status.message().to_owned();
    }
    // The chain begins with layers that say nothing to people.
    let noise = [
        "transport error",
        "tcp connect error",
        "client error (Connect)",
    ];
    let words = chain.split(": ").filter(|part| !noise.contains(part));
    let text: Vec<&str> = words.skip_while(|part| part.starts_with("code")).collect();
    if text.is_empty() {
        chain
    } else {
        text.join(": ")
    }
}
