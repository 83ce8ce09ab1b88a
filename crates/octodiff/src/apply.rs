//! The new file, of the old one and a delta.

use std::io::{self, Read, Seek, SeekFrom, Write};

use sha1::{Digest, Sha1};

use crate::{COPY, DATA, DELTA, END_OF_HEAD, HASH_LENGTH};

/// Why a delta gives no file.
#[derive(Debug, thiserror::Error)]
pub enum DeltaError {
    /// It breaks its own format.
    #[error("the delta can't be read: {0}; send the whole package")]
    Damaged(&'static str),
    /// What comes out is not what was meant.
    #[error(
        "the delta was not made for this version of the package, or is damaged; send the whole package"
    )]
    Other,
    /// More comes out than is taken.
    #[error("the delta makes a file of more than {0} bytes, which is the limit")]
    TooLarge(u64),
    /// The file system refused.
    #[error("the delta could not be carried out")]
    Io(#[from] io::Error),
}

/// Writes the file that a delta makes of `base`, of `limit` bytes at the most, and compares it with
/// the hash in the delta. What was written before an error is no file.
///
/// # Errors
/// See [`DeltaError`].
pub fn apply(
    base: &mut (impl Read + Seek),
    delta: &mut impl Read,
    limit: u64,
    to: &mut impl Write,
) -> Result<(), DeltaError> {
    let expected = head(delta)?;
    let size = base.seek(SeekFrom::End(0))?;
    let mut to = Hashed {
        inner: to,
        hash: Sha1::new(),
    };
    let mut written = 0_u64;
    let mut command = [0];
    while delta.read(&mut command)? > 0 {
        let start = match command {
            [COPY] => Some(number(delta)?),
            [DATA] => None,
            _ => return Err(DeltaError::Damaged("it has a command that is not known")),
        };
        let length = number(delta)?;
        written = written.saturating_add(length);
        if written > limit {
            return Err(DeltaError::TooLarge(limit));
        }
        let copied = match start {
            Some(start) if start.saturating_add(length) > size => return Err(DeltaError::Other),
            Some(start) => {
                base.seek(SeekFrom::Start(start))?;
                io::copy(&mut base.by_ref().take(length), &mut to)?
            }
            None => io::copy(&mut delta.by_ref().take(length), &mut to)?,
        };
        if copied != length {
            return Err(DeltaError::Damaged("it ends early"));
        }
    }
    match to.hash.finalize()[..] == expected {
        true => Ok(()),
        false => Err(DeltaError::Other),
    }
}

/// The SHA-1 of the file that is to come out.
fn head(delta: &mut impl Read) -> Result<[u8; HASH_LENGTH], DeltaError> {
    expect(
        delta,
        DELTA,
        "it does not begin as one of version 1 with SHA1",
    )?;
    let mut hash = [0; HASH_LENGTH];
    exact(delta, &mut hash)?;
    expect(delta, END_OF_HEAD, "its head does not end")?;
    Ok(hash)
}

fn expect(delta: &mut impl Read, bytes: &[u8], or: &'static str) -> Result<(), DeltaError> {
    let mut found = vec![0; bytes.len()];
    exact(delta, &mut found)?;
    match found == bytes {
        true => Ok(()),
        false => Err(DeltaError::Damaged(or)),
    }
}

fn number(delta: &mut impl Read) -> Result<u64, DeltaError> {
    let mut bytes = [0; 8];
    exact(delta, &mut bytes)?;
    let number = i64::from_le_bytes(bytes);
    u64::try_from(number).map_err(|_| DeltaError::Damaged("it has a negative number"))
}

fn exact(delta: &mut impl Read, bytes: &mut [u8]) -> Result<(), DeltaError> {
    delta.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => DeltaError::Damaged("it ends early"),
        _ => DeltaError::Io(error),
    })
}

/// Hashes what goes through.
struct Hashed<'a, W> {
    inner: &'a mut W,
    hash: Sha1,
}

impl<W: Write> Write for Hashed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// A delta as Octodiff writes it: copies of `base`, and data.
    fn delta(parts: &[Result<(u64, u64), &[u8]>], result: &[u8]) -> Vec<u8> {
        let mut delta = b"OCTODELTA\x01\x04SHA1\x14\0\0\0".to_vec();
        delta.extend(Sha1::digest(result));
        delta.extend(b">>>");
        for part in parts {
            match part {
                Ok((start, length)) => {
                    delta.push(0x60);
                    delta.extend(start.to_le_bytes());
                    delta.extend(length.to_le_bytes());
                }
                Err(data) => {
                    delta.push(0x80);
                    delta.extend((data.len() as u64).to_le_bytes());
                    delta.extend(*data);
                }
            }
        }
        delta
    }

    fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, DeltaError> {
        let mut result = Vec::new();
        apply(&mut Cursor::new(base), &mut &*delta, 1000, &mut result).map(|()| result)
    }

    #[test]
    fn a_delta_makes_the_new_file() {
        let parts = [Ok((6, 5)), Err(&b", "[..]), Ok((0, 5))];
        let made = applied(b"hello world", &delta(&parts, b"world, hello")).unwrap();
        assert_eq!(made, b"world, hello");
        assert_eq!(applied(b"x", &delta(&[], b"")).unwrap(), b"");
    }

    #[test]
    fn a_delta_of_another_file_is_refused() {
        let good = delta(&[Ok((0, 5))], b"hello");
        assert!(matches!(applied(b"hallo", &good), Err(DeltaError::Other)));
        assert!(matches!(applied(b"hell", &good), Err(DeltaError::Other)));
        let large = delta(&[Ok((0, 600)), Ok((0, 600))], b"");
        let refused = applied(&[0; 600], &large);
        assert!(matches!(refused, Err(DeltaError::TooLarge(1000))));
        for end in 0..good.len() {
            let refused = applied(b"hello", &good[..end]);
            assert!(refused.is_err(), "{end} of {}", good.len());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_refused_without_harm(rest: Vec<u8>, base: Vec<u8>) {
            let delta = [&delta(&[], b"")[..], &rest].concat();
            let _either = applied(&base, &delta);
        }
    }
}
