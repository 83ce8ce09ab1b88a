//! `octo config get`.

use clap::Args;
use serde_json::json;

use super::setting::Setting;
use crate::config;
use crate::error::Error;
use crate::output::Format;
use crate::session::Session;

/// Prints one setting. Keys and tokens are shown as stars.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config get Url
  octo config get Space -f json")]
pub(crate) struct Arguments {
    /// Url, ApiKey, AccessToken, Space, OutputFormat or NoPrompt.
    #[arg(value_name = "NAME")]
    name: String,
}

/// Prints it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let setting = Setting::named(&arguments.name)?;
    let config = config::load(session.around.config_file.as_deref())?;
    let value = setting.shown(&config);
    let output = &session.output;
    match output.format() {
        Format::Json => output.record(&json!({ setting.name(): value }), &value, vec![])?,
        Format::Table | Format::Basic => output.lines([value])?,
    }
    Ok(())
}
