//! What another file adds to one of which the signature is known.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom, Write};

use sha1::{Digest, Sha1};

use crate::{COPY, DATA, DELTA, END_OF_HEAD, HASH_LENGTH, SIGNATURE, checksum::Rolling};

/// A chunk in a signature: its length, its checksum and its SHA-1.
const CHUNK: usize = 2 + 4 + HASH_LENGTH;

/// Bytes that are read at one time, and about the most that one command brings.
const BLOCK: u64 = 1 << 20;

/// What is known of a file that is elsewhere.
#[derive(Debug)]
pub struct Signature {
    /// Bytes of each chunk; a shorter one at the end is of no use.
    length: usize,
    /// Checksum → where such chunks begin, and their hashes.
    chunks: HashMap<u32, Vec<(u64, [u8; HASH_LENGTH])>>,
}

impl Signature {
    /// Nothing when it is none, or knows of no whole chunk.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let all = bytes.strip_prefix(SIGNATURE)?;
        let mut length = 0;
        let mut chunks: HashMap<u32, Vec<_>> = HashMap::new();
        let mut at = 0;
        for chunk in all.chunks(CHUNK) {
            let (own, rest) = chunk.split_first_chunk()?;
            let (checksum, hash) = rest.split_first_chunk()?;
            let own = usize::from(u16::from_le_bytes(*own));
            if length == 0 {
                length = own;
            }
            if own == length {
                let places = chunks.entry(u32::from_le_bytes(*checksum)).or_default();
                places.push((at, hash.try_into().ok()?));
            }
            at += own as u64;
        }
        (length > 0).then_some(Self { length, chunks })
    }

    fn find(&self, checksum: u32, window: &[u8]) -> Option<u64> {
        let places = self.chunks.get(&checksum)?;
        let hash = Sha1::digest(window);
        let same = places.iter().find(|(_, known)| hash[..] == known[..]);
        same.map(|(at, _)| *at)
    }

    /// Writes what makes `new` of the file that was signed, from the start of `to`; gives its
    /// length.
    pub fn delta(&self, mut new: impl Read, to: &mut (impl Write + Seek)) -> io::Result<u64> {
        to.write_all(DELTA)?;
        // Known at the end only.
        to.write_all(&[0; HASH_LENGTH])?;
        to.write_all(END_OF_HEAD)?;
        let mut commands = Commands { to, copy: (0, 0) };
        let mut hash = Sha1::new();
        let mut buffer: Vec<u8> = Vec::new();
        // Where in the buffer begins what no command brings yet, and where the window.
        let (mut open, mut at) = (0, 0);
        // The checksum of the window, when it is known.
        let mut rolling: Option<Rolling> = None;
        loop {
            if buffer.len() <= at + self.length {
                commands.data(buffer.get(open..at).unwrap_or_default())?;
                buffer.drain(..at);
                (open, at) = (0, 0);
                let begin = buffer.len();
                new.by_ref().take(BLOCK).read_to_end(&mut buffer)?;
                hash.update(buffer.get(begin..).unwrap_or_default());
            }
            let Some(window) = buffer.get(at..at + self.length) else {
                break;
            };
            let sum = rolling.get_or_insert_with(|| Rolling::of(window));
            if let Some(start) = self.find(sum.value(), window) {
                commands.data(buffer.get(open..at).unwrap_or_default())?;
                commands.copy(start, self.length as u64)?;
                at += self.length;
                (open, rolling) = (at, None);
                continue;
            }
            match (window.first(), buffer.get(at + self.length)) {
                (Some(old), Some(new)) => sum.roll(self.length, *old, *new),
                _ => break,
            }
            at += 1;
        }
        commands.data(buffer.get(open..).unwrap_or_default())?;
        commands.flush()?;
        let length = to.stream_position()?;
        to.seek(SeekFrom::Start(DELTA.len() as u64))?;
        to.write_all(&hash.finalize())?;
        Ok(length)
    }
}

/// Writes the commands of a delta; copies that follow one another become one.
struct Commands<'a, W> {
    to: &'a mut W,
    /// Start and length of what is still to be written.
    copy: (u64, u64),
}

impl<W: Write> Commands<'_, W> {
    fn copy(&mut self, start: u64, length: u64) -> io::Result<()> {
        if self.copy.0 + self.copy.1 != start {
            self.flush()?;
            self.copy.0 = start;
        }
        self.copy.1 += length;
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.flush()?;
        self.to.write_all(&[DATA])?;
        self.to.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.to.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let (start, length) = std::mem::take(&mut self.copy);
        if length > 0 {
            self.to.write_all(&[COPY])?;
            self.to.write_all(&start.to_le_bytes())?;
            self.to.write_all(&length.to_le_bytes())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// The same with chunks of another length.
    fn sign(base: &[u8], length: usize) -> Vec<u8> {
        let mut signature = SIGNATURE.to_vec();
        for chunk in base.chunks(length) {
            signature.extend(u16::try_from(chunk.len()).unwrap().to_le_bytes());
            signature.extend(Rolling::of(chunk).value().to_le_bytes());
            signature.extend(Sha1::digest(chunk));
        }
        signature
    }

    fn noise(length: usize, seed: u32) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    /// Makes a delta, checks that it brings `new`, and gives its length.
    fn check(base: &[u8], new: &[u8], length: usize) -> usize {
        let signature = Signature::read(&sign(base, length)).unwrap();
        let mut delta = Cursor::new(Vec::new());
        let told = signature.delta(new, &mut delta).unwrap();
        let delta = delta.into_inner();
        assert_eq!(told, delta.len() as u64);
        let mut made = Vec::new();
        crate::apply(&mut Cursor::new(base), &mut &*delta, u64::MAX, &mut made).unwrap();
        assert!(made == new, "{} → {}", base.len(), new.len());
        delta.len()
    }

    #[test]
    fn a_delta_brings_the_new_file_and_little_more_than_what_is_new() {
        let base = noise(1_300_000, 1);
        let (begin, end) = base.split_at(600_000);
        let moved = [b"in front", begin, b"in between", end, b"behind"].concat();
        // What is the same is found wherever it is, and in one piece.
        let length = check(&base, &moved, 2048);
        assert!(length < 3 * 2048, "{length}");
        assert!(check(&base, &base, 2048) < 2100);
        let swapped = [end, begin].concat();
        assert!(check(&base, &swapped, 2048) < 4 * 2048);
        let other = noise(1_300_000, 2);
        let length = check(&base, &other, 2048);
        assert!(length < other.len() + 1000, "{length}");
    }

    #[test]
    fn short_files_and_odd_ends_come_out_whole() {
        let base = noise(100, 1);
        for length in [1, 7, 16, 99, 100] {
            for end in [0, 1, 6, 7, 8, 50, 99, 100] {
                check(&base, &base[..end], length);
                check(&base, &base[100 - end..], length);
                check(&base, &noise(end, 2), length);
            }
        }
        check(&[0; 300], &[0; 500], 16);
    }

    #[test]
    fn what_is_signed_here_is_read() {
        let base = noise(1_000_000, 1);
        let mut signed = Vec::new();
        crate::sign(&mut &*base, base.len() as u64, &mut signed).unwrap();
        assert_eq!(signed, sign(&base, 2048));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let good = sign(&noise(100, 1), 50);
        assert!(Signature::read(&good).is_some());
        for bytes in [&b""[..], b"OCTOSIG", SIGNATURE, &good[..good.len() - 1]] {
            assert!(Signature::read(bytes).is_none(), "{bytes:?}");
        }
        let empty = [SIGNATURE, &[0; CHUNK]].concat();
        assert!(Signature::read(&empty).is_none());
    }
}
