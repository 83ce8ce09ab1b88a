//! `octo config-file structured`.

use ::variables::VariableSet;
use clap::{Args, ValueEnum, ValueHint};
use transforms::{
    json_variables, properties_variables, structured_variables, xml_variables, yaml_variables,
};

use crate::error::Error;
use crate::session::Session;
use crate::text::Input;
use crate::variable_file;

/// Shows a JSON, YAML, XML or .properties file with the variables in it.
///
/// A variable whose name is the path of a value, such as Logging:Level, replaces it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config-file structured appsettings.json --variables vars.json
  octo config-file structured values.yaml --variables vars.json --environment Production
  cat settings | octo config-file structured - --format properties --variables vars.json")]
pub(crate) struct Arguments {
    /// The file; - is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    file: Input,
    /// JSON file of variables; - is standard input.
    #[arg(long, value_name = "VARS.json", value_hint = ValueHint::FilePath)]
    variables: Input,
    /// Format of the file; as a deployment finds it when not given: JSON if it is, else by its name.
    #[arg(long)]
    format: Option<Structure>,
    #[command(flatten)]
    wanted: variable_file::For,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "lower")]
enum Structure {
    Json,
    Yaml,
    Xml,
    Properties,
}

/// Shows it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let (file, variables) = (&arguments.file, &arguments.variables);
    let transform = |text: &str, set: &VariableSet| match arguments.format {
        None => structured_variables(&file.file_name(), text, set),
        Some(Structure::Json) => json_variables(text, set),
        Some(Structure::Yaml) => yaml_variables(text, set),
        Some(Structure::Xml) => xml_variables(text, set),
        Some(Structure::Properties) => properties_variables(text, set),
    };
    super::change(file, variables, arguments.wanted, session, transform)
}
