//! `octo`: see the library of the same name.

use std::process::ExitCode;

use octo::Surroundings;

fn main() -> ExitCode {
    octo::run(std::env::args_os(), &Surroundings::of_this_process())
}
