//! `octo completion`.

use std::io::{self, Write};

use clap::Args;
use clap_complete::Shell;

use crate::error::Error;

/// Prints the script that completes octo's commands in a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo completion bash > /etc/bash_completion.d/octo
  octo completion zsh > ~/.zfunc/_octo
  octo completion powershell")]
pub(crate) struct Arguments {
    /// Which shell.
    shell: Shell,
}

/// Prints the script for `grammar`.
pub(crate) fn run(arguments: &Arguments, grammar: &mut clap::Command) -> Result<(), Error> {
    // Into memory first: the generator panics when standard output closes early.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, grammar, "octo", &mut script);
    Ok(io::stdout().lock().write_all(&script)?)
}
