//! Waiting for what really is, with a deadline.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Longest wait for anything in these tests.
const DEADLINE: Duration = Duration::from_secs(30);

/// Looks until there is something, and gives it.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Looks until it is so.
#[track_caller]
pub(crate) fn until_is(what: &str, mut look: impl FnMut() -> bool) {
    until(what, || look().then_some(()));
}
