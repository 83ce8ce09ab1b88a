//! Proofs that take too long for every change: `cargo xtask verify`.

mod faults;

/// `cargo xtask verify`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Errors at every system call that the shipped Suction Cup makes.
    #[arg(long)]
    faults: bool,
    /// The form that fits into continuous integration.
    #[arg(long)]
    short: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if options.faults {
        faults::run(options.short)?;
    }
    Ok(())
}
