//! `octo config list`.

use clap::Args;
use serde_json::{Map, Value};

use super::setting;
use crate::config;
use crate::error::Error;
use crate::output::{Cell, Format};
use crate::session::Session;

/// Prints every setting. Keys and tokens are shown as stars.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo config list
  octo config list -f json")]
pub(crate) struct Arguments {}

/// Prints them.
pub(crate) fn run(_: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let config = config::load(session.around.config_file.as_deref())?;
    let all = setting::ALL.map(|one| (one.name(), one.shown(&config)));
    let output = &session.output;
    match output.format() {
        Format::Basic => {
            let set = all.iter().filter(|(_, value)| !value.is_empty());
            output.lines(set.map(|(name, value)| format!("{name}={value}")))?;
        }
        Format::Json | Format::Table => {
            let value =
                |(name, value): &(&str, String)| ((*name).to_owned(), Value::from(value.as_str()));
            let values: Map<String, Value> = all.iter().map(value).collect();
            let rows = all.iter().map(|(name, value)| {
                let value = if value.is_empty() { "(not set)" } else { value };
                (*name, Cell::from(value))
            });
            output.record(&values, "", rows.collect())?;
        }
    }
    Ok(())
}
