//! The real program on Windows, or under Wine, with a stand-in as Tentacle.
#![cfg(windows)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod cup;
mod runs;
