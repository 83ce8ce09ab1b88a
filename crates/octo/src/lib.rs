//! The command line for people and scripts.
//!
//! `main` hands over the arguments and the [`Surroundings`]; [`run`] parses, calls the one
//! command meant, and folds whatever went wrong into a message and an exit code. Commands
//! know nothing of the process: what they read from the terminal or the environment comes
//! through [`Surroundings`], what they print goes through `output`.
//!
//! Results go to standard output, progress and errors to standard error. Exit codes: 0 done,
//! 1 failed, 2 the command line was wrong or incomplete, 130 ended by Ctrl-C.

mod cli;
mod client;
mod commands;
mod config;
mod error;
mod files;
mod follow;
mod given;
mod interrupt;
mod names;
mod output;
mod session;
mod start;
mod surroundings;
mod text;
mod variable_file;

pub use cli::run;
pub use surroundings::Surroundings;

/// The version of this program: that of the build when it names one, else the workspace's.
pub(crate) const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};
