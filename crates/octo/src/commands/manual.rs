//! `octo manual`: for who packages octo.

use std::path::PathBuf;

use clap::Args;

use crate::error::Error;
use crate::files;

/// Writes the manual: one page for each command, in section 1.
#[derive(Debug, Args)]
#[command(
    hide = true,
    after_help = "\
Examples:
  octo manual /usr/share/man/man1"
)]
pub(crate) struct Arguments {
    /// The folder to write to, which must exist.
    folder: PathBuf,
}

/// Writes the pages of `grammar`.
pub(crate) fn run(arguments: &Arguments, grammar: clap::Command) -> Result<(), Error> {
    let grammar = grammar.disable_help_subcommand(true);
    clap_mangen::generate_to(grammar, &arguments.folder)
        .map_err(files::failed("filled with the manual", &arguments.folder))
}
