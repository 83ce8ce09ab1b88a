//! Many searches at once, and rows for the table of `cargo xtask verify`.

use std::sync::Mutex;
use std::thread;

/// The outcome of each, in their order, by as many threads as there are processors.
pub(crate) fn all<T: Sync, R: Send>(of: &[T], search: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let waiting = Mutex::new(of.iter().enumerate());
    let found = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads.min(of.len()) {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some((place, one)) = next else {
                        return;
                    };
                    let outcome = search(one);
                    found.lock().unwrap().push((place, outcome));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}

/// One row: what was checked, in how many states, the result, and what it says.
pub(crate) fn row(what: &str, states: usize, result: &str, about: &str) {
    println!("verify\t{what}\t{states}\t{result}\t{about}");
}
