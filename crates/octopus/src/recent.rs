//! What every request asks the database for, remembered for a second.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::store::Result;

/// Other servers on the same database, and the command line, change what is remembered too: what
/// they did counts after this time. What this server did counts at once.
pub(crate) const AGE: Duration = Duration::from_secs(1);

/// Answers that are remembered before all are forgotten.
const REMEMBERED: usize = 1000;

/// Answers by what was asked for.
#[derive(Debug)]
pub(crate) struct Recent<K, V>(Mutex<Known<K, V>>);

#[derive(Debug)]
struct Known<K, V> {
    /// How often all were forgotten.
    times: u64,
    answers: HashMap<K, (Instant, V)>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        let (times, answers) = (0, HashMap::new());
        Self(Mutex::new(Known { times, answers }))
    }
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// The answer, but for what others changed within the last second. That there is none is not
    /// remembered.
    pub(crate) async fn get(
        &self,
        key: K,
        read: impl Future<Output = Result<Option<V>>>,
    ) -> Result<Option<V>> {
        let now = Instant::now();
        let times = {
            let known = self.known();
            if let Some((read, answer)) = known.answers.get(&key)
                && now.duration_since(*read) < AGE
            {
                return Ok(Some(answer.clone()));
            }
            known.times
        };
        let answer = read.await?;
        if let Some(answer) = &answer {
            let mut known = self.known();
            // What was read before a change must not outlive it.
            if known.times == times {
                if known.answers.len() >= REMEMBERED {
                    known.answers.clear();
                }
                known.answers.insert(key, (now, answer.clone()));
            }
        }
        Ok(answer)
    }

    /// Something has changed.
    pub(crate) fn forget(&self) {
        let mut known = self.known();
        known.times += 1;
        known.answers.clear();
    }

    fn known(&self) -> MutexGuard<'_, Known<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[tokio::test]
    async fn an_answer_is_remembered_until_something_changes() {
        let recent = Recent::default();
        let get = async |answer: Option<u8>| recent.get("key", async { Ok(answer) }).await.unwrap();
        assert_eq!(get(None).await, None);
        assert_eq!(
            get(Some(1)).await,
            Some(1),
            "that there is none is not kept"
        );
        assert_eq!(get(Some(2)).await, Some(1));
        recent.forget();
        assert_eq!(get(Some(3)).await, Some(3));
    }

    #[tokio::test]
    async fn what_was_read_before_a_change_does_not_outlive_it() {
        let recent = Recent::default();
        let old = recent.get("key", async {
            recent.forget();
            Ok(Some("before"))
        });
        assert_eq!(old.await.unwrap(), Some("before"));
        let new = recent.get("key", async { Ok(Some("after")) });
        assert_eq!(new.await.unwrap(), Some("after"));
    }
}
