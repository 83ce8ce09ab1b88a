//! The real program, real packages, real processes. Linux only: it looks into /proc.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod clock;
mod cup;
mod disk;
mod elsewhere;
mod ends;
mod killed;
mod prefixes;
mod service;
mod start;
mod trial;
