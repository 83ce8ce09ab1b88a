//! One Suction Cup per HOME.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::Duration;

use layout::Home;

/// Held while this process lives; the kernel releases it, so none is ever left over.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another Suction Cup has it.
    Taken,
    /// Locks do not work there.
    Failed(io::Error),
}

impl Lock {
    /// Takes the lock.
    pub(crate) fn acquire(home: &Home) -> Result<Lock, LockError> {
        let file = lock_file(home).map_err(LockError::Failed)?;
        let mut failed = LockError::Taken;
        // Whoever asks for the status holds it for a moment, and an error may pass as well.
        for _ in 0..20 {
            failed = match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) => LockError::Taken,
                Err(TryLockError::Error(error)) => LockError::Failed(error),
            };
            thread::sleep(Duration::from_millis(20));
        }
        Err(failed)
    }

    /// Whether a Suction Cup runs on this HOME.
    pub(crate) fn is_taken(home: &Home) -> bool {
        let file = File::open(home.run().join("lock")).or_else(|_| File::open(home.root()));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// A HOME that cannot be written has no lock file; its folder serves as one.
fn lock_file(home: &Home) -> io::Result<File> {
    let path = home.run().join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    file.or_else(|_| File::open(path))
        .or_else(|_| File::open(home.root()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_at_a_time_and_free_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        std::fs::create_dir(home.run()).unwrap();
        assert!(!Lock::is_taken(&home));
        let lock = Lock::acquire(&home).unwrap();
        assert!(Lock::is_taken(&home));
        assert!(matches!(Lock::acquire(&home), Err(LockError::Taken)));
        drop(lock);
        assert!(!Lock::is_taken(&home));
        Lock::acquire(&home).unwrap();
    }
}
