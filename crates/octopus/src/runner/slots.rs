//! How many tasks this server works on at one time, when there is a limit.
//!
//! Health checks and upgrades take no place: deployments can't hold them up. A task that waits
//! for people gives its place back.

use std::sync::Arc;

use api::TaskName;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

/// The places of a server.
#[derive(Default)]
pub(super) struct Slots(Option<Arc<Semaphore>>);

impl Slots {
    /// `None`: no limit.
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self(limit.map(|limit| Arc::new(Semaphore::new(limit))))
    }

    /// What a task of this kind needs.
    pub(super) fn of(&self, name: TaskName) -> Arc<Slot> {
        let slots = match name {
            TaskName::Health | TaskName::Upgrade => None,
            TaskName::Deploy | TaskName::DeployPackage | TaskName::AdHocScript => self.0.clone(),
        };
        Arc::new(Slot {
            slots,
            held: Mutex::default(),
        })
    }
}

/// One task's place, which it has while anything of it is at work.
pub(super) struct Slot {
    slots: Option<Arc<Semaphore>>,
    /// How much is at work, and the place.
    held: Mutex<(usize, Option<OwnedSemaphorePermit>)>,
}

impl Slot {
    /// Something is at work from now on. Waits for a place, who came first gets it first.
    pub(super) async fn enter(&self) {
        let mut held = self.held.lock().await;
        if let (None, Some(slots)) = (&held.1, &self.slots) {
            // It is never closed.
            held.1 = Arc::clone(slots).acquire_owned().await.ok();
        }
        held.0 += 1;
    }

    /// Something is at work beside what is already, or only winds up: it waits for no place.
    pub(super) async fn join(&self) {
        self.held.lock().await.0 += 1;
    }

    /// Something rests, or has ended.
    pub(super) async fn leave(&self) {
        let mut held = self.held.lock().await;
        held.0 = held.0.saturating_sub(1);
        if held.0 == 0 {
            held.1 = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn gets_in(slot: &Slot) -> bool {
        timeout(Duration::from_millis(20), slot.enter())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn a_place_is_kept_while_anything_is_at_work() {
        let slots = Slots::new(Some(1));
        let (one, two) = (
            slots.of(TaskName::Deploy),
            slots.of(TaskName::DeployPackage),
        );
        assert!(gets_in(&one).await && gets_in(&one).await);
        assert!(!gets_in(&two).await);
        assert!(gets_in(&slots.of(TaskName::Health)).await);
        one.leave().await;
        assert!(!gets_in(&two).await);
        one.leave().await;
        assert!(gets_in(&two).await);
        assert!(!gets_in(&one).await);
        assert!(gets_in(&Slots::new(None).of(TaskName::Deploy)).await);
    }
}
