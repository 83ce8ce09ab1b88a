//! Deployments of real packages with real scripts, from the package's file to the journal.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod deploy {
    mod bad_input;
    mod bench;
    mod cancelling;
    mod configuration;
    mod custom_directory;
    mod failures;
    mod hostile;
    mod installed;
    mod order;
    mod real_packages;
    mod secrets;
    mod structured;
    mod transforms;
}
