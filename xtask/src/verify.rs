//! Proofs that take too long for every change: `cargo xtask verify`.

mod faults;
mod model;
mod server;

/// `cargo xtask verify`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Every state of the supervisor's machine, with crashes at any point, and seeded mistakes.
    #[arg(long)]
    model: bool,
    /// Errors at every system call that the shipped Suction Cup makes.
    #[arg(long)]
    faults: bool,
    /// A hundred kills of the server during a thousand deployments, and a log of a million lines.
    #[arg(long)]
    server: bool,
    /// The loop on Windows programs, under Wine: service, batch files, upgrade, roll back.
    #[arg(long)]
    wine: bool,
    /// The form that fits into continuous integration.
    #[arg(long)]
    short: bool,
}

/// What was asked for; everything, if nothing was.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let all = !(options.model || options.faults || options.server || options.wine);
    if all || options.model {
        model::run()?;
    }
    if all || options.faults {
        faults::run(options.short)?;
    }
    if all || options.server {
        server::run(options.short)?;
    }
    if all || options.wine {
        crate::demo::wine::run()?;
    }
    Ok(())
}
