//! `octo config-file transform`.

use clap::{Args, ValueHint};
use transforms::xdt;

use crate::error::Error;
use crate::session::Session;
use crate::text::{self, Input, Text};

/// Shows what an XDT transform makes of a file.
///
/// XDT is the language of web.Release.config. What the transform wants to change and the file
/// does not have is a warning.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config-file transform web.config web.Release.config
  octo config-file transform web.config web.Production.config > web.new.config
  octo config-file transform web.config web.Release.config | octo config-file transform - web.Production.config")]
pub(crate) struct Arguments {
    /// The file; - is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    source: Input,
    /// The XDT transform; - is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    transform: Input,
}

/// Shows it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let Arguments { source, transform } = arguments;
    text::only_one_standard(&[source, transform])?;
    let text = Text::read(source, session)?;
    let instructions = Text::read(transform, session)?;
    let outcome =
        xdt::transform(text.as_str(), instructions.as_str()).map_err(text.failed("transformed"))?;
    for xdt::Warning {
        line,
        column,
        message,
    } in outcome.warnings
    {
        let warning = format!("{transform}: line {line}, column {column}: {message}");
        session.output.warn(&warning);
    }
    text.print(&outcome.text, session)
}
