//! Measures beside what others have, in the same run: `cargo xtask bench supervisor`, and so on.

mod conventions;
mod figures;
mod process;
mod server;
mod supervisor;

/// `cargo xtask bench`
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    name: Name,
}

#[derive(clap::Subcommand)]
enum Name {
    /// Extraction beside `unzip`, templates, JSON and variables.
    Conventions(conventions::Options),
    /// The server's memory, lists, deployments, and downloads beside nginx.
    Server(server::Options),
    /// Suction Cup beside runit, s6, daemontools and supervisord, and the gap of an upgrade.
    Supervisor(supervisor::Options),
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    match &options.name {
        Name::Conventions(options) => conventions::run(options),
        Name::Server(options) => server::run(options),
        Name::Supervisor(options) => supervisor::run(options),
    }
}
