//! The on-disk contract between Tentacle and Suction Cup: where things lie in a
//! HOME, the ledger, the marker, and how a version is published.
//!
//! Suction Cup of day 1 must run every Tentacle ever published, so whatever is
//! written here keeps its form for good: the forms are golden-tested, and a file
//! of a later form is told apart from a damaged one.
#![cfg_attr(
    not(test),
    warn(
        clippy::use_debug,
        reason = "the supervisor is built without such texts"
    )
)]

mod again;
mod durable;
mod failed_run;
mod home;
pub mod install;
mod ledger;
mod marker;
mod names;
mod retention;
mod stamp;

pub use durable::{rename, replace_file};
pub use failed_run::{last_lines, write_last_lines};
pub use home::{Bundle, Home, Installed, PinError, RID, is_staging_name};
pub use ledger::{BadReason, Entry, Ledger, LedgerError, ParseError, Standing};
pub use marker::{read_marker, write_marker};
pub use names::names_in;
pub use retention::obsolete;
pub use stamp::{InvalidStamp, Stamp};

/// Environment variable in which Suction Cup gives each run of Tentacle its nonce.
pub const RUN_NONCE: &str = "TENTACLE_RUN_NONCE";

/// Exit status by which a Tentacle on trial says that its own self-check failed.
/// It is marked bad (`unhealthy`) at once instead of after five ends.
pub const EXIT_UNHEALTHY: i32 = 70;
