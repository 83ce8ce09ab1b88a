//! Small contents that were asked for just now, whole in memory: thousands of machines fetch one
//! package within a moment, and to find and read its file is most of what each of them costs.

use std::{
    fs::File,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;

/// Larger ones are not kept: with those, the bytes themselves are what costs.
pub(super) const SMALL: u64 = 2 << 20;

/// All that are kept, together.
const ROOM: usize = 16 << 20;

/// So many are kept, however small.
const COUNT: usize = 64;

/// What nobody has asked for so long is let go.
const IDLE: Duration = Duration::from_secs(5);

/// What is kept; a clone keeps the same.
#[derive(Debug, Default, Clone)]
pub struct Small(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    contents: Vec<Content>,
    /// Somebody lets go of them.
    is_watched: bool,
}

#[derive(Debug)]
struct Content {
    sha256: String,
    bytes: Bytes,
    /// That has the same bytes.
    file: Option<Arc<File>>,
    asked: Instant,
}

impl Small {
    /// A content, if it is kept.
    pub(super) fn get(&self, sha256: &str) -> Option<Bytes> {
        let mut kept = self.lock();
        let mut contents = kept.contents.iter_mut();
        let content = contents.find(|content| content.sha256 == sha256)?;
        content.asked = Instant::now();
        Some(content.bytes.clone())
    }

    /// The file that has the very bytes which this piece of memory is a part of, and from where on.
    #[cfg(target_os = "linux")]
    pub(crate) fn source(&self, piece: &[u8]) -> Option<(Arc<File>, u64)> {
        let kept = self.lock();
        let mut contents = kept.contents.iter();
        contents.find_map(|content| {
            // While it is kept, nothing else lies where it does.
            let (here, all) = (piece.as_ptr().addr(), &content.bytes);
            let at = here.checked_sub(all.as_ptr().addr())?;
            let end = at.checked_add(piece.len())?;
            let file = content.file.as_ref().filter(|_| end <= all.len())?;
            Some((Arc::clone(file), at as u64))
        })
    }

    /// Keeps a content, in place of those that nobody has asked for the longest; with the file
    /// that it was read from, if that is one.
    pub(crate) fn keep(&self, sha256: &str, bytes: Bytes, file: Option<File>) {
        if bytes.len() as u64 > SMALL {
            return;
        }
        let mut kept = self.lock();
        kept.forget(sha256);
        while kept.contents.len() >= COUNT || kept.bytes() + bytes.len() > ROOM {
            let contents = kept.contents.iter().enumerate();
            let Some((oldest, _)) = contents.min_by_key(|(_, content)| content.asked) else {
                break;
            };
            kept.contents.swap_remove(oldest);
        }
        kept.contents.push(Content {
            sha256: sha256.to_owned(),
            bytes,
            file: file.map(Arc::new),
            asked: Instant::now(),
        });
        if !std::mem::replace(&mut kept.is_watched, true) {
            tokio::spawn(self.clone().watch());
        }
    }

    /// Lets go of one that is removed.
    pub(super) fn forget(&self, sha256: &str) {
        self.lock().forget(sha256);
    }

    /// Lets go of what nobody asks for, until nothing is left.
    async fn watch(self) {
        loop {
            tokio::time::sleep(IDLE).await;
            if self.let_go(Instant::now()) {
                return;
            }
        }
    }

    /// Lets go of what nobody has asked for lately. True: nothing is left, and nobody watches.
    fn let_go(&self, now: Instant) -> bool {
        let mut kept = self.lock();
        let is_asked = |content: &Content| now.duration_since(content.asked) < IDLE;
        kept.contents.retain(is_asked);
        let is_empty = kept.contents.is_empty();
        if is_empty {
            *kept = Kept::default();
        }
        is_empty
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, sha256: &str) {
        self.contents.retain(|content| content.sha256 != sha256);
    }

    fn bytes(&self) -> usize {
        self.contents
            .iter()
            .map(|content| content.bytes.len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize) -> Bytes {
        vec![7; length].into()
    }

    #[tokio::test]
    async fn what_nobody_asks_for_gives_way() {
        let small = Small::default();
        let large = SMALL as usize;
        for n in 0..ROOM / large {
            small.keep(&n.to_string(), bytes(large), None);
        }
        assert!(small.get("0").is_some());
        small.keep("new", bytes(1), None);
        assert!(small.get("0").is_some() && small.get("new").is_some());
        assert!(small.get("1").is_none(), "nobody has asked for it since");
        assert!(small.lock().bytes() <= ROOM);
        small.keep("too large", bytes(large + 1), None);
        assert!(small.get("too large").is_none());
    }

    #[tokio::test]
    async fn no_more_than_the_count_are_kept() {
        let small = Small::default();
        for n in 0..COUNT * 2 {
            small.keep(&n.to_string(), bytes(1), None);
        }
        // The same one again takes no second place.
        small.keep(&(COUNT * 2 - 1).to_string(), bytes(1), None);
        assert_eq!(small.lock().contents.len(), COUNT);
    }

    #[tokio::test]
    async fn a_server_at_rest_keeps_nothing() {
        let small = Small::default();
        small.keep("old", bytes(1), None);
        let soon = Instant::now() + IDLE;
        small.keep("new", bytes(1), None);
        assert!(!small.let_go(soon), "one was asked for since");
        assert!(small.get("old").is_none());
        assert!(small.get("new").is_some());
        assert!(small.let_go(soon + IDLE * 2));
        assert!(small.get("new").is_none());
        small.keep("next", bytes(1), None);
        assert!(small.lock().is_watched, "the next one is watched again");
    }
}
