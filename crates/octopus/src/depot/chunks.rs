//! A part of a file, in chunks.
//!
//! Many machines fetch one package at one time, so most of what is read is in the system's cache:
//! that is read at once, without a thread that may wait for the disk, into memory that the last
//! chunks have left warm.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::task::spawn_blocking;

use super::CHUNK;

/// Memory of so many chunks is kept for the next ones.
const KEPT: usize = 16;

static KEPT_CHUNKS: Mutex<Vec<Box<[u8]>>> = Mutex::new(Vec::new());

/// Bytes from `start` on; fewer than `length` when the file ends before.
pub(super) fn chunks_of(
    file: File,
    start: u64,
    length: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let whole = (Arc::new(file), start, length);
    stream::try_unfold(whole, async |(file, at, left)| {
        let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        if wanted == 0 {
            return Ok(None);
        }
        let mut chunk = Chunk::new(wanted);
        chunk.length = match read_cached(&file, chunk.room(), at) {
            Some(length) => length,
            None => {
                let file = Arc::clone(&file);
                let read = spawn_blocking(move || {
                    let length = read(&file, chunk.room(), at)?;
                    Ok::<_, io::Error>((chunk, length))
                });
                let (read, length) = read.await.map_err(io::Error::other)??;
                chunk = read;
                length
            }
        };
        if chunk.length == 0 {
            return Ok(None);
        }
        let length = chunk.length as u64;
        let rest = (file, at + length, left - length);
        Ok(Some((Bytes::from_owner(chunk), rest)))
    })
}

/// Memory that goes back when nobody reads it any more.
struct Chunk {
    memory: Box<[u8]>,
    /// So much may be filled.
    wanted: usize,
    /// So much is.
    length: usize,
}

impl Chunk {
    fn new(wanted: usize) -> Self {
        let mut kept = KEPT_CHUNKS.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = kept.pop();
        drop(kept);
        Self {
            memory: memory.unwrap_or_else(|| vec![0; CHUNK].into_boxed_slice()),
            wanted,
            length: 0,
        }
    }

    fn room(&mut self) -> &mut [u8] {
        self.memory.get_mut(..self.wanted).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let mut kept = KEPT_CHUNKS.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(std::mem::take(&mut self.memory));
        }
    }
}

/// What is there without waiting; `None`: nobody knows.
#[cfg(target_os = "linux")]
fn read_cached(file: &File, room: &mut [u8], at: u64) -> Option<usize> {
    use rustix::io::{ReadWriteFlags, preadv2};
    let mut room = [io::IoSliceMut::new(room)];
    let read = preadv2(file, &mut room, at, ReadWriteFlags::NOWAIT);
    // The end of the file is left to the other way, which tells it from a cache that is empty.
    read.ok().filter(|length| *length > 0)
}

#[cfg(not(target_os = "linux"))]
fn read_cached(_: &File, _: &mut [u8], _: u64) -> Option<usize> {
    None
}

/// Fills the room, unless the file ends.
fn read(mut file: &File, room: &mut [u8], at: u64) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    let mut filled = 0;
    while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io::Write;

    use futures_util::TryStreamExt;

    use super::{CHUNK, chunks_of};

    /// Parts of every kind, twice: the second time in memory that others have used.
    #[tokio::test]
    async fn a_part_is_read_as_it_is_in_the_file() {
        let content: Vec<u8> = (0..CHUNK * 2 + 100).map(|n| (n / 7) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        let end = content.len();
        for (start, length) in [
            (0, end),
            (1, CHUNK),
            (CHUNK - 1, 2),
            (end - 1, 1),
            (5, 0),
            // It ends before.
            (end - 10, 20),
            (end + 5, 5),
            (0, end),
        ] {
            let file = file.try_clone().unwrap();
            let found = chunks_of(file, start as u64, length as u64);
            let found: Vec<bytes::Bytes> = found.try_collect().await.unwrap();
            let expected = content.get(start..(start + length).min(end)).unwrap_or(&[]);
            assert_eq!(found.concat(), expected, "{start} + {length}");
        }
    }
}
