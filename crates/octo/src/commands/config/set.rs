//! `octo config set`.

use clap::Args;

use super::setting::Setting;
use crate::client::Address;
use crate::config;
use crate::error::Error;
use crate::session::Session;

/// Keeps a setting for all further runs; an empty value forgets it.
///
/// A key goes to no other server than the one that it was saved for: another Url forgets it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config set Space Shop
  octo config set OutputFormat basic
  octo config set ApiKey")]
pub(crate) struct Arguments {
    /// Url, ApiKey, AccessToken, Space, OutputFormat or NoPrompt.
    #[arg(value_name = "NAME")]
    name: String,
    /// The value; asked for when it is missing, unseen for a key or a token.
    #[arg(value_name = "VALUE")]
    value: Option<String>,
}

/// Keeps it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let setting = Setting::named(&arguments.name)?;
    let value = match arguments.value {
        Some(value) => value,
        None if setting.is_secret() => session.required_secret("VALUE", setting.name())?,
        None => session.required(None, "VALUE", setting.name())?,
    };
    let file = session.around.config_file.as_deref();
    let mut config = config::load(file)?;
    let before = config.server.clone();
    setting.set(&mut config, &value)?;
    let moved = before.is_some_and(|before| {
        let before = before.parse::<Address>();
        !before.is_ok_and(|before| config.belongs_to(&before))
    });
    if moved && config.credential().is_some() {
        config.api_key = None;
        config.access_token = None;
        let note =
            "The key of the server before is forgotten; octo login saves one for the new server.";
        session.output.warn(note);
    }
    config::save(file, &config)?;
    Ok(())
}
