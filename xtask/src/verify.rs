//! Proofs that take too long for every change: `cargo xtask verify`.

mod faults;
mod server;

/// `cargo xtask verify`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Errors at every system call that the shipped Suction Cup makes.
    #[arg(long)]
    faults: bool,
    /// A hundred kills of the server during a thousand deployments, and a log of a million lines.
    #[arg(long)]
    server: bool,
    /// The form that fits into continuous integration.
    #[arg(long)]
    short: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if options.faults {
        faults::run(options.short)?;
    }
    if options.server {
        server::run(options.short)?;
    }
    Ok(())
}
