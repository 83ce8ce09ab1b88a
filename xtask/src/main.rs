//! Development commands: `cargo xtask demo`, `cargo xtask test`, `cargo xtask tidy`.

mod bench;
mod demo;
mod dist;
mod fuzz;
mod programs;
mod test;
mod tidy;
mod verify;
mod windows;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development commands of this project.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the whole loop on real programs: install, push, deploy, upgrade, crash, roll back.
    Demo(demo::Options),
    /// Installs what the tests need, and runs all of them.
    Test(test::Options),
    /// Checks what a compiler can't.
    Tidy,
    /// Measures beside what others have, in the same run.
    Bench(bench::Options),
    /// Proofs that take too long for every change.
    Verify(verify::Options),
    /// Builds what is given away: static agents, tarball, Debian packages, checksums.
    Dist(dist::Options),
    /// Feeds every parser with inputs that it was not made for.
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Tidy => tidy::run(),
        Command::Verify(options) => verify::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Dist(options) => dist::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
