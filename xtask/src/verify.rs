//! Proofs that take too long for every change: `cargo xtask verify`.

mod api;
mod faults;
mod installer;
mod model;
mod mutants;
mod server;
mod vm;

/// `cargo xtask verify`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Every state of the supervisor's machine, with crashes at any point, and seeded mistakes.
    #[arg(long)]
    model: bool,
    /// The tarball's installer: mistakes, update, removal.
    #[arg(long)]
    installer: bool,
    /// Errors at every system call that the shipped Suction Cup makes.
    #[arg(long)]
    faults: bool,
    /// Of the errors only those that are told with these words, such as `EIO at open`.
    #[arg(long, value_name = "WORDS", requires = "faults")]
    only: Option<String>,
    /// Changes to the supervisor's machine and to the layout on disk, each of which a test has to notice.
    #[arg(long)]
    mutants: bool,
    /// A hundred kills of the server during a thousand deployments, and a log of a million lines.
    #[arg(long)]
    server: bool,
    /// schemathesis on the REST interface for half an hour.
    #[arg(long)]
    api: bool,
    /// The loop on Windows programs, under Wine: service, batch files, upgrade, roll back.
    #[arg(long)]
    wine: bool,
    /// Debian's packages on a real Debian with systemd in a virtual machine: install, deploy, upgrade, reboot,
    /// purge, and the power cut in the midst of upgrades.
    #[arg(long)]
    vm: bool,
    /// How often the virtual machine's power is cut: 20 times, or twice in the short form.
    #[arg(long, value_name = "N")]
    power_cuts: Option<u32>,
    /// The form that fits into continuous integration.
    #[arg(long)]
    short: bool,
}

/// What was asked for; everything, if nothing was.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let short = options.short;
    let parts: [(bool, &dyn Fn() -> anyhow::Result<()>); _] = [
        (options.model, &model::run),
        (options.installer, &installer::run),
        (options.faults, &|| {
            faults::run(short, options.only.as_deref())
        }),
        (options.mutants, &mutants::run),
        (options.server, &|| server::run(short)),
        (options.api, &|| api::run(short)),
        (options.wine, &crate::demo::wine::run),
        (options.vm, &|| vm::run(short, options.power_cuts)),
    ];
    let all = parts.iter().all(|(asked, _)| !asked);
    for (asked, part) in parts {
        if all || asked {
            part()?;
        }
    }
    Ok(())
}
