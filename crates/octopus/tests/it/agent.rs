//! A Tentacle that the test plays: what it does is scripted, what it is asked is recorded.
//!
//! Its memory ([`State`]) outlives its link, as a real one's folder outlives its process.

mod link;
mod service;
mod state;
mod work;

use std::sync::Arc;

use channel::{Identity, Thumbprint, Trust};
use serde_json::{Value, json};

use self::{link::Link, service::Service};
pub(crate) use self::{
    state::{After, Point, State, Step, say, version_state},
    work::Shared,
};
use crate::wait;

/// One machine.
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) thumbprint: Thumbprint,
    pem: String,
    shared: Arc<Shared>,
    link: Link,
}

impl Agent {
    /// Listens for the server with this thumbprint.
    pub(crate) fn start(name: &str, server: &str) -> Self {
        let (identity, pem) = Identity::generate("Tentacle").unwrap();
        let mut agent = Self {
            name: name.to_owned(),
            thumbprint: identity.thumbprint(),
            pem,
            shared: Arc::default(),
            link: Link::reserve(Trust::new([server.parse().unwrap()])),
        };
        agent.listen();
        agent
    }

    /// Opens the link, on the same port as before.
    pub(crate) fn listen(&mut self) {
        let identity = Identity::from_pem(&self.pem).unwrap();
        let service = Service(Arc::clone(&self.shared));
        self.link.open(&identity, service);
    }

    /// Breaks every connection, and listens no more. Work goes on.
    pub(crate) fn leave(&mut self) {
        self.link.close();
    }

    /// Ends as a killed process does: running work has failed when it comes back.
    pub(crate) fn crash(&mut self) {
        self.leave();
        self.shared.edit(State::crash);
    }

    /// Reads or changes what it knows and what it will do.
    pub(crate) fn edit<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.shared.edit(change)
    }

    /// What it will do for each order from now on.
    pub(crate) fn script(&self, steps: Vec<Step>) {
        self.edit(|state| state.script = steps);
    }

    /// Lets work pass a gate.
    pub(crate) fn open_gate(&self, gate: usize) {
        self.edit(|state| state.open_gates.insert(gate));
    }

    /// Stops every call at this point from now on.
    pub(crate) fn hold(&self, point: Point) {
        self.edit(|state| state.holds.insert(point));
    }

    /// Lets calls go on from this point.
    pub(crate) fn release(&self, point: Point) {
        self.edit(|state| {
            state.holds.remove(&point);
            state.held.remove(&point);
        });
    }

    /// Waits until a call stands at this point.
    #[track_caller]
    pub(crate) fn wait_held(&self, point: Point) {
        self.wait(&format!("a call stands at {point:?}"), |state| {
            state.held.contains(&point)
        });
    }

    /// Waits until it is so.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, is_so: impl Fn(&State) -> bool) {
        wait::until_is(what, || self.edit(|state| is_so(state)));
    }

    /// How often each ticket's work was begun, in the order of tickets.
    pub(crate) fn runs(&self) -> Vec<u32> {
        self.edit(|state| state.runs.values().copied().collect())
    }

    /// What registers it.
    pub(crate) fn registration(&self, environment: &str) -> Value {
        registration(
            &self.name,
            environment,
            self.link.port(),
            &self.thumbprint.to_string(),
        )
    }
}

/// What registers a machine on this computer.
pub(crate) fn registration(name: &str, environment: &str, port: u16, thumbprint: &str) -> Value {
    json!({
        "Name": name,
        "EnvironmentIds": [environment],
        "Roles": ["web"],
        "Endpoint": {
            "CommunicationStyle": "TentaclePassive",
            "Uri": format!("https://127.0.0.1:{port}/"),
            "Thumbprint": thumbprint,
        },
    })
}
