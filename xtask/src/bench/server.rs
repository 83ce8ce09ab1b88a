//! What the server costs: memory at rest and while it takes a large package, processor time
//! of deployments, how long lists take, and downloads beside nginx's of the same file.

mod deployments;
mod downloads;
mod lists;
mod report;
mod stage;

use std::{env, fs, thread, time::Duration};

use anyhow::Context;

use self::report::{Figure, Report};
use self::stage::Stage;
use crate::{
    dist::apt,
    programs::{repository, target_folder},
};

/// What a server that was just started needs to come to rest.
const SETTLING: Duration = Duration::from_secs(5);

const LARGE: usize = 60 << 20;

const NEEDS: &[(&str, &str)] = &[
    ("/usr/sbin/nginx", "nginx-light"),
    ("/usr/bin/wrk", "wrk"),
    ("/usr/bin/sqlite3", "sqlite3"),
];

/// `cargo xtask bench server`
#[derive(clap::Args)]
pub(crate) struct Options {
    /// One JSON object in place of the table.
    #[arg(long)]
    json: bool,
    /// How many deployments are queued at once; 0 leaves them out.
    #[arg(long, default_value_t = 1000, value_name = "NUMBER")]
    deployments: u32,
    /// Seconds of each measurement of downloads; 0 leaves them out.
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    downloads: u32,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    apt::need(NEEDS)?;
    eprintln!("building the server (minutes the first time)");
    let program = build()?;
    let folder = target_folder()?.join("bench-server");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    let mut report = Report::default();
    let mut stage = Stage::start(&program, &folder)?;
    thread::sleep(SETTLING);
    report.add(Figure::at_most("idle memory", "MB", stage.memory()?, 40.0));
    eprintln!("pushing a package of 60 MB");
    let package = stage::package("Acme.Large", "1.0.0", LARGE)?;
    let before = stage.memory()?;
    stage.forget_peak()?;
    stage.push(&package)?;
    let more = stage.peak_memory()? - before;
    report.add(Figure::at_most(
        "more memory for a push of 60 MB",
        "MB",
        more,
        32.0,
    ));
    if options.downloads > 0 {
        downloads::measure(&stage, options.downloads, &mut report)?;
    }
    if options.deployments > 0 {
        deployments::measure(&stage, options.deployments, &mut report)?;
    }
    lists::measure(&mut stage, &program, &mut report)?;
    match options.json {
        true => println!("{}", report.json()),
        false => print!("{}", report.table()),
    }
    Ok(())
}

/// The server as it is given away.
fn build() -> anyhow::Result<std::path::PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .current_dir(repository())
        .args(["build", "--quiet", "--release", "--package", "octopus"])
        .status()
        .context("cargo can't be started")?;
    anyhow::ensure!(status.success(), "the server could not be built");
    Ok(target_folder()?.join("release/octopus"))
}
