//! `suction-cup`: see [`suction_cup::cli`] for its commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    suction_cup::cli::main(std::env::args_os().skip(1))
}
