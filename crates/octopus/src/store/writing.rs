//! A transaction that writes, and the turn to do so.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, Transaction};
use tokio::sync::OwnedMutexGuard;

/// What is not committed is undone when it is dropped.
pub(super) struct Writing {
    transaction: Transaction<'static, Any>,
    /// Given up after the transaction, which is the first field for that.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Writing {
    pub(super) fn new(
        transaction: Transaction<'static, Any>,
        turn: Option<OwnedMutexGuard<()>>,
    ) -> Self {
        Self {
            transaction,
            _turn: turn,
        }
    }

    /// From now on it counts.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        self.transaction.commit().await
    }
}

impl Deref for Writing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}
