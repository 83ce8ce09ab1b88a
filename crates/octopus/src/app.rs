//! What every part of the running server shares.

use std::{ops::Deref, sync::Arc, time::Duration};

use channel::Identity;
use nupkg::NuGetVersion;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{
    access::Rights,
    auth::{self, SecretError},
    depot::Depot,
    feed::shelf::{Item, Shelf, Shelves},
    fleet::Fleet,
    operate::{Metrics, Throttle},
    recent::Recent,
    runner::Runner,
    store::{self, Store, users::User},
};

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
    shelves: Shelves,
    /// Who may do what.
    pub(crate) rights: Recent<(), Arc<Rights>>,
    /// Whose keys they call with, by the hash of the key.
    pub(crate) keys: Recent<Vec<u8>, Arc<User>>,
    /// Links to Tentacles.
    pub fleet: Fleet,
    /// Tasks that run now.
    pub runner: Runner,
    /// How long a machine may stay silent before its part of a task fails.
    pub patience: Duration,
    /// What monitoring asks for.
    pub metrics: Metrics,
    /// Tries to sign in of late.
    pub throttle: Throttle,
    /// The hash of a password that nobody knows.
    pub no_password: String,
    changes: broadcast::Sender<Change>,
    ending: CancellationToken,
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
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(
        version: NuGetVersion,
        store: Store,
        depot: Depot,
        identity: Identity,
        patience: Duration,
    ) -> Result<Self, SecretError> {
        let (changes, _) = broadcast::channel(256);
        Ok(Self(Arc::new(Inner {
            no_password: auth::hash_password(&auth::new_password()?)?,
            version,
            store,
            depot,
            identity,
            shelves: Shelves::default(),
            rights: Recent::default(),
            keys: Recent::default(),
            fleet: Fleet::default(),
            runner: Runner::default(),
            patience,
            metrics: Metrics::default(),
            throttle: Throttle::default(),
            changes,
            ending: CancellationToken::new(),
        })))
    }

    /// The feed's packages as they are now.
    pub(crate) async fn shelf(&self) -> store::Result<Arc<Shelf>> {
        self.shelves.now(&self.store).await
    }

    /// One package of the feed, but for what other servers did to it within the last second.
    pub(crate) async fn package(
        &self,
        id: &str,
        version: &NuGetVersion,
    ) -> store::Result<Option<Arc<Item>>> {
        let recent = self.shelves.lately(&self.store).await?;
        if let Some(found) = recent.one(id, version) {
            return Ok(Some(Arc::clone(found)));
        }
        // Another server may have taken it just now.
        Ok(self.shelf().await?.one(id, version).cloned())
    }

    /// Who may do what now.
    pub(crate) async fn rights(&self) -> store::Result<Arc<Rights>> {
        let read = async { Ok(Some(Arc::new(Rights::read(&self.store).await?))) };
        Ok(self.rights.get((), read).await?.unwrap_or_default())
    }

    /// Whose key this is.
    pub(crate) async fn user_of_key(&self, key: &str) -> store::Result<Option<Arc<User>>> {
        let hash = auth::hash_token(key);
        let read = async { Ok(self.store.user_by_api_key(&hash).await?.map(Arc::new)) };
        self.keys.get(hash.clone(), read).await
    }

    /// Tells everybody who watches. Nobody watching is fine.
    pub fn changed(&self, change: Change) {
        let _watchers = self.changes.send(change);
    }

    /// Tells those who wait for changes that no more come: the server ends.
    pub fn end(&self) {
        self.ending.cancel();
    }

    /// Over once the server is told to end.
    pub fn ending(&self) -> CancellationToken {
        self.ending.clone()
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
