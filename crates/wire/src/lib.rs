//! The protocol between Octopus and Tentacle, generated from `proto/tentacle.proto`.
//!
//! The `.proto` file is the documentation; it only grows.

/// Version 1 of the protocol.
#[allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    unreachable_pub,
    clippy::allow_attributes_without_reason,
    reason = "generated code; its documentation is the .proto file"
)]
pub mod v1 {
    tonic::include_proto!("octopus.tentacle.v1");
}

/// TCP port on which a listening Tentacle is reached, as registered for Octopus.
pub const TENTACLE_PORT: u16 = 10933;

/// TCP port of the server that polling Tentacles dial.
pub const SERVER_LINK_PORT: u16 = 10943;

/// Longest chunk of a package in one message, in bytes.
pub const CHUNK_BYTES: usize = 256 * 1024;
