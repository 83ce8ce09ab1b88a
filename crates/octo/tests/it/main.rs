//! The real program against a server that follows a script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod errors;
mod help;
mod login;
mod machines;
mod nuget;
mod packages;
mod run;
mod samples;
mod server;
mod tasks;
#[cfg(unix)]
mod terminal;
mod upload;
mod waiting;
