//! Keeps deployments apart that would work in the same folder.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::scripts::CancelToken;

/// Folders of packages below `Applications`.
pub(super) static PACKAGES: Locks = Locks::new();

/// Custom installation directories. A deployment locks its package first and then this, and
/// nothing after it, so no two can wait for each other.
pub(super) static DIRECTORIES: Locks = Locks::new();

/// The folders that deployments of this process hold.
pub(super) struct Locks {
    held: Mutex<Vec<PathBuf>>,
    released: Condvar,
}

/// A folder is held until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    locks: &'static Locks,
    folder: PathBuf,
}

impl Locks {
    const fn new() -> Self {
        Self {
            held: Mutex::new(Vec::new()),
            released: Condvar::new(),
        }
    }

    /// Waits until nobody holds `folder`, a folder in it, or one that it is in.
    /// Calls `on_wait` once if it has to wait. `None` when cancelled.
    pub(super) fn hold(
        &'static self,
        folder: &Path,
        cancel: &CancelToken,
        mut on_wait: impl FnMut(),
    ) -> Option<Held> {
        let folder = &same_name(folder);
        // Nothing panics while it holds the mutex, and a list of paths is never half changed.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waited = false;
        while held
            .iter()
            .any(|other| other.starts_with(folder) || folder.starts_with(other))
        {
            if cancel.is_cancelled() {
                return None;
            }
            if !std::mem::replace(&mut waited, true) {
                on_wait();
            }
            let woken = self.released.wait_timeout(held, Duration::from_millis(100));
            held = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        held.push(folder.to_owned());
        Some(Held {
            locks: self,
            folder: folder.to_owned(),
        })
    }
}

/// One spelling for all that lead to the same folder: Windows knows no case.
fn same_name(folder: &Path) -> PathBuf {
    match cfg!(windows) {
        true => folder.to_string_lossy().to_lowercase().into(),
        false => folder.to_owned(),
    }
}

impl std::fmt::Debug for Locks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Locks")
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self
            .locks
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = held.iter().position(|folder| *folder == self.folder) {
            held.swap_remove(position);
        }
        drop(held);
        self.locks.released.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    static LOCKS: Locks = Locks::new();

    #[test]
    fn the_second_waits_for_the_first_and_others_do_not() {
        let cancel = CancelToken::new();
        let unexpected = || panic!("nobody holds it");
        let first = LOCKS
            .hold(Path::new("/srv/a"), &cancel, unexpected)
            .unwrap();
        let sibling = LOCKS
            .hold(Path::new("/srv/ab"), &cancel, unexpected)
            .unwrap();
        let (sender, receiver) = channel();
        let second = std::thread::spawn(move || {
            let waiting = sender.clone();
            let held = LOCKS.hold(Path::new("/srv/a/inner"), &CancelToken::new(), || {
                waiting.send("waits").unwrap()
            });
            sender.send("holds").unwrap();
            held.unwrap()
        });
        assert_eq!(receiver.recv().unwrap(), "waits");
        assert!(
            receiver.try_recv().is_err(),
            "it waits as long as the first holds on"
        );
        drop(first);
        assert_eq!(receiver.recv().unwrap(), "holds");

        let cancelled = CancelToken::new();
        assert!(
            LOCKS
                .hold(Path::new("/srv"), &cancelled, || cancelled.cancel())
                .is_none()
        );
        drop((sibling, second.join().unwrap()));
        assert!(LOCKS.held.lock().unwrap().is_empty());
    }
}
