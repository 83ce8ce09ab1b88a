//! `octopus`: the server.

/// The version of this build: the workspace's, or the one that `xtask` gives.
const VERSION: &str = match option_env!("OCTOPUS_BUILD_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

fn main() -> anyhow::Result<()> {
    octopus::cli::run(VERSION)
}
