//! The supervisor that installs, runs, restarts and rolls back Tentacle.
//!
//! [`machine`] has the rules and touches nothing; the driver carries out what it
//! says with threads, processes and files; `os` has what differs between systems.
#![cfg_attr(
    not(test),
    warn(
        clippy::use_debug,
        reason = "the supervisor is built without such texts"
    )
)]

mod causes;
pub mod cli;
mod driver;
mod lock;
pub mod machine;
#[cfg_attr(windows, path = "notify/windows.rs")]
mod notify;
mod os;
mod output;
mod rotating;
mod status;
mod utc;

/// The version of this program.
pub const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};
