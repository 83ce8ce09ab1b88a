//! What the crate promises, by its public interface alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod damage;
mod hostile;
mod links;
mod names;
mod nuspec;
mod pack;
mod raw_tar;
mod raw_zip;
mod reading;
mod tar_hostile;
mod tar_reading;
mod versions;
mod zip_alike;
