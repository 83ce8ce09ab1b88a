//! Whose API keys were used of late.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::secrets::hash_token;
use crate::{
    access::AGE,
    store::{Result, Store, users::User},
};

/// Keys that are remembered before all are forgotten.
const REMEMBERED: usize = 1000;

/// Remembers keys that were found, so that not every request of a client asks the database
/// whose its key is.
#[derive(Debug, Default)]
pub(crate) struct KnownKeys(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// How often they were forgotten.
    times: u64,
    /// By the hash of the key.
    users: HashMap<Vec<u8>, (Instant, User)>,
}

impl KnownKeys {
    /// Whose key this is, but for what others changed in the database within the last second.
    pub(crate) async fn user(&self, store: &Store, key: &str) -> Result<Option<User>> {
        let hash = hash_token(key);
        let now = Instant::now();
        let times = {
            let known = self.known();
            if let Some((read, user)) = known.users.get(&hash)
                && now.duration_since(*read) < AGE
            {
                return Ok(Some(user.clone()));
            }
            known.times
        };
        let user = store.user_by_api_key(&hash).await?;
        if let Some(user) = &user {
            let mut known = self.known();
            // What was read before a change must not outlive it.
            if known.times == times {
                if known.users.len() >= REMEMBERED {
                    known.users.clear();
                }
                known.users.insert(hash, (now, user.clone()));
            }
        }
        Ok(user)
    }

    /// A user or a key has changed.
    pub(crate) fn forget(&self) {
        let mut known = self.known();
        known.times += 1;
        known.users.clear();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
