//! Octodiff's two formats: the signature of a file, and the delta that makes another one of it.
//!
//! Who has the file signs it ([`sign()`]); who has the new one reads the signature and writes a delta
//! ([`Signature`]); the first carries it out ([`apply()`]).
//!
//! Source: github.com/OctopusDeploy/Octodiff, `SignatureWriter`, `SignatureReader`, `DeltaBuilder`,
//! `BinaryDeltaWriter`, `BinaryDeltaReader` and `Adler32RollingChecksum`. Numbers are little-endian,
//! texts begin with their length.

mod apply;
mod build;
mod checksum;
mod sign;

pub use apply::{DeltaError, apply};
pub use build::Signature;
pub use sign::sign;

/// How a signature begins: version 1, its hash and its checksum.
const SIGNATURE: &[u8] = b"OCTOSIG\x01\x04SHA1\x07Adler32>>>";
/// How a delta begins: version 1, its hash, and how long that is. The hash and [`END_OF_HEAD`] follow.
const DELTA: &[u8] = b"OCTODELTA\x01\x04SHA1\x14\0\0\0";
const END_OF_HEAD: &[u8] = b">>>";
const HASH_LENGTH: usize = 20;

/// How a command of a delta begins: bytes of the old file (start and length follow), or new ones
/// (length and bytes follow).
const COPY: u8 = 0x60;
const DATA: u8 = 0x80;
