//! What every part of the running server shares.

use std::{ops::Deref, sync::Arc};

use channel::Identity;
use nupkg::NuGetVersion;
use tokio::sync::broadcast;

use crate::{depot::Depot, fleet::Fleet, runner::Runner, store::Store};

/// The shared parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// See [`App`].
pub struct Inner {
    /// The server's own version.
    pub version: NuGetVersion,
    /// Durable state.
    pub store: Store,
    /// Package files.
    pub depot: Depot,
    /// Presented to Tentacles.
    pub identity: Identity,
    /// Links to Tentacles.
    pub fleet: Fleet,
    /// Tasks that run now.
    pub runner: Runner,
    changes: broadcast::Sender<Change>,
}

/// Something that people may be looking at has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A machine, or the list of them.
    Machines,
    /// A task, or its log.
    Task(i64),
}

impl App {
    /// Puts the parts together.
    pub fn new(version: NuGetVersion, store: Store, depot: Depot, identity: Identity) -> Self {
        let (changes, _) = broadcast::channel(256);
        Self(Arc::new(Inner {
            version,
            store,
            depot,
            identity,
            fleet: Fleet::default(),
            runner: Runner::default(),
            changes,
        }))
    }

    /// Tells everybody who watches. Nobody watching is fine.
    pub fn changed(&self, change: Change) {
        let _watchers = self.changes.send(change);
    }

    /// Watches. A watcher that lags should look at everything again.
    pub fn watch(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
