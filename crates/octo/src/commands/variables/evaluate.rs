//! `octo variables evaluate`.

use clap::{Args, ValueHint};
use transforms::TransformError;

use crate::error::Error;
use crate::session::Session;
use crate::text::{self, Input, Text};
use crate::variable_file;

/// Shows what a template with #{…} becomes.
///
/// Prints the result and nothing else, in the encoding of the template. A name without a value
/// stays as it is, with a warning.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo variables evaluate --variables vars.json appsettings.template
  octo variables evaluate --variables vars.json --environment Production --role web motd.txt
  echo 'Hello #{Name | ToUpper}' | octo variables evaluate --variables vars.json --strict -

Files of variables:
  {\"Name\": \"value\", \"Port\": 8080}
  [{\"Name\": \"Port\", \"Value\": \"80\", \"Scope\": {\"Environment\": [\"Production\"], \"Role\": [\"web\"]}}]")]
pub(crate) struct Arguments {
    /// The template; - is standard input.
    #[arg(value_name = "TEMPLATE_FILE", value_hint = ValueHint::FilePath)]
    template: Input,
    /// JSON file of variables; - is standard input.
    #[arg(long, value_name = "VARS.json", value_hint = ValueHint::FilePath)]
    variables: Option<Input>,
    #[command(flatten)]
    wanted: variable_file::For,
    /// Print nothing and fail when a name has no value.
    #[arg(long)]
    strict: bool,
}

/// Evaluates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let file = arguments.variables.as_ref();
    let inputs: Vec<&Input> = file.into_iter().chain([&arguments.template]).collect();
    text::only_one_standard(&inputs)?;
    let variables = variable_file::read(file, arguments.wanted, session)?;
    let template = Text::read(&arguments.template, session)?;
    let evaluation = variables.evaluate(template.as_str());
    if let Some(error) = evaluation.error {
        return Err(template.failed("evaluated")(error));
    }
    if evaluation.is_null {
        return Err(template.failed("evaluated")(TransformError::Null));
    }
    if arguments.strict && !evaluation.missing.is_empty() {
        return Err(Error::Missing {
            names: evaluation.missing,
        });
    }
    for name in evaluation.missing {
        session.output.warn(&format!("{name} has no value."));
    }
    template.print(&evaluation.text, session)
}
