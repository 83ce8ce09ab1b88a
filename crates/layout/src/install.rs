//! Unpacking packages, and publishing versions of Tentacle: whole or not at all.

mod error;
mod publish;
mod space;
mod unpack;

#[cfg(test)]
mod tests;

pub use error::{InstallError, WriteError};
pub use publish::{Existing, install_version, remove_version};
pub use space::free_bytes;
pub use unpack::{UnpackError, Writes, unpack};
