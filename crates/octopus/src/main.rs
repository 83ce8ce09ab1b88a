//! `octopus`: the server.

use std::process::ExitCode;

/// The version of this build: the workspace's, or the one that `xtask` gives.
const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

fn main() -> ExitCode {
    match octopus::cli::run(VERSION) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("octopus: {}", channel::describe(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
