//! `octo config-file variables`.

use clap::{Args, ValueHint};
use transforms::config_variables;

use crate::error::Error;
use crate::session::Session;
use crate::text::Input;
use crate::variable_file;

/// Shows a .config file of .NET with the variables in it.
///
/// These are replaced: appSettings by key, connectionStrings by name, applicationSettings by
/// name of the setting.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config-file variables web.config --variables vars.json
  octo config-file variables web.config --variables vars.json --environment Production
  cat app.config | octo config-file variables - --variables vars.json | diff app.config -")]
pub(crate) struct Arguments {
    /// The file; - is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    file: Input,
    /// JSON file of variables; - is standard input.
    #[arg(long, value_name = "VARS.json", value_hint = ValueHint::FilePath)]
    variables: Input,
    #[command(flatten)]
    wanted: variable_file::For,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let (file, variables) = (&arguments.file, &arguments.variables);
    super::change(file, variables, arguments.wanted, session, config_variables)
}
