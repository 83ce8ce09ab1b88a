//! The set of thumbprints that a side accepts.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use crate::Thumbprint;

/// Pinned thumbprints, shared with the listeners that check against them: a change
/// counts from the next handshake on.
#[derive(Clone, Debug, Default)]
pub struct Trust(Arc<RwLock<BTreeSet<Thumbprint>>>);

impl Trust {
    /// Trusts exactly these.
    pub fn new(thumbprints: impl IntoIterator<Item = Thumbprint>) -> Self {
        Self(Arc::new(RwLock::new(thumbprints.into_iter().collect())))
    }

    /// Trusts one more.
    pub fn allow(&self, thumbprint: Thumbprint) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(thumbprint);
    }

    /// Whether a thumbprint is trusted.
    pub fn allows(&self, thumbprint: &Thumbprint) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(thumbprint)
    }

    /// All of them, for messages.
    pub fn list(&self) -> Vec<Thumbprint> {
        let set = self.0.read().unwrap_or_else(PoisonError::into_inner);
        set.iter().copied().collect()
    }
}
