//! Measures beside what others have, in the same run: `cargo xtask bench supervisor`.

mod figures;
mod process;
mod supervisor;

/// `cargo xtask bench`
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    name: Name,
}

#[derive(clap::Subcommand)]
enum Name {
    /// Suction Cup beside runit, s6, daemontools and supervisord, and the gap of an upgrade.
    Supervisor(supervisor::Options),
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    match &options.name {
        Name::Supervisor(options) => supervisor::run(options),
    }
}
