//! The real agent as a process, called over the link as the server calls it. Linux only: it
//! looks into /proc.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bench;
mod calls;
mod http;
mod pack;
mod processes;

mod artifacts;
mod cancel;
mod command_line;
mod confirm;
mod deploy;
mod full_disk;
mod hostile;
mod killed;
mod link;
mod packers;
mod register;
mod register_with;
mod scripts;
mod secrets;
mod transfer;
mod transfer_twice;
mod upgrade;
mod upgrade_refused;
