//! The signature of a file: what its chunks are known by.

use std::io::{self, Read, Write};

use sha1::{Digest, Sha1};

use crate::{SIGNATURE, checksum::Rolling};

/// Bytes that one checksum stands for: Octodiff's default, and its largest, so that large
/// packages have short signatures.
const CHUNKS: (u64, u64) = (2048, 31 * 1024);

/// About how many chunks a signature has at the most, of packages up to 2 GB.
const MOST_CHUNKS: u64 = 1 << 16;

/// Writes the signature of a file of `size` bytes.
///
/// # Errors
/// When `base` can't be read, or `to` not be written.
pub fn sign(base: &mut impl Read, size: u64, to: &mut impl Write) -> io::Result<()> {
    to.write_all(SIGNATURE)?;
    let length = size.div_ceil(MOST_CHUNKS).clamp(CHUNKS.0, CHUNKS.1);
    let mut chunk = Vec::new();
    loop {
        chunk.clear();
        let count = base.by_ref().take(length).read_to_end(&mut chunk)?;
        if count == 0 {
            return Ok(());
        }
        let count = u16::try_from(count).map_err(io::Error::other)?;
        to.write_all(&count.to_le_bytes())?;
        to.write_all(&Rolling::of(&chunk).value().to_le_bytes())?;
        to.write_all(&Sha1::digest(&chunk))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_as_octodiff_writes_it() {
        let mut signature = Vec::new();
        let base: Vec<u8> = (0..2050_u32)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect();
        sign(&mut &base[..], base.len() as u64, &mut signature).unwrap();
        let head = b"OCTOSIG\x01\x04SHA1\x07Adler32>>>";
        assert!(signature.starts_with(head));
        let chunks: Vec<&[u8]> = signature[head.len()..].chunks(26).collect();
        assert_eq!(chunks.len(), 2);
        assert_eq!(chunks[0][..2], 2048_u16.to_le_bytes());
        assert_eq!(chunks[1][..2], 2_u16.to_le_bytes());
        // Of the bytes 40 and 41: a = 1 + 40 + 41, b = 41 + 82.
        assert_eq!(&base[2048..], [40, 41]);
        assert_eq!(chunks[1][2..6], [82, 0, 123, 0]);
        assert_eq!(chunks[1][6..], Sha1::digest([40, 41])[..]);
    }
}
