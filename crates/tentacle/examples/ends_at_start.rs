//! A Tentacle that ends at start: what a bad release looks like to Suction Cup.
//! The demo and the tests order it, and see it rolled back.

use std::process::ExitCode;

const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

fn main() -> ExitCode {
    eprintln!("Tentacle {VERSION} starts");
    eprintln!("tentacle: the settings of this build are missing; it can't serve");
    ExitCode::FAILURE
}
