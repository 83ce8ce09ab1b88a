//! `octo interruption submit`.

use std::collections::BTreeMap;

use api::Interruption;
use clap::Args;
use serde::de::IgnoredAny;

use crate::error::Error;
use crate::session::Session;

/// Answers what a task asks, in your name; the task goes on with it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo interruption submit Interruptions-7 --result Proceed --notes 'Checked by hand'
  octo interruption submit Interruptions-8 --result Retry")]
pub(crate) struct Arguments {
    /// Its id.
    #[arg(value_name = "ID")]
    id: String,
    /// The answer: Proceed or Abort; after a failure Retry, Ignore, Exclude or Abort.
    #[arg(long, short, value_name = "ANSWER")]
    result: Option<String>,
    /// Free text, kept with the answer.
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

/// Answers it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let own = ["interruptions", &arguments.id];
    let asked: Interruption = client.get(&client.in_space(&own), &[])?;
    let (field, choices) = super::choices(&asked);
    let known = || Ok(choices.iter().map(|one| (*one).to_owned()).collect());
    let result = session.pick_from(arguments.result, "--result", &asked.title, |_| known())?;
    if !choices.iter().any(|one| one.eq_ignore_ascii_case(&result)) {
        return Err(Error::usage(
            format!("{}: \"{result}\" is no answer to that.", asked.title),
            format!("Give --result with one of {}.", choices.join(", ")),
        ));
    }
    // Who answers is responsible for it.
    let path = client.in_space(&[&own[..], &["responsible"]].concat());
    let _taken: IgnoredAny = client.put(&path, &BTreeMap::<&str, &str>::new())?;
    let mut values = BTreeMap::from([(field, result)]);
    values.extend(arguments.notes.map(|notes| ("Notes", notes)));
    let path = client.in_space(&[&own[..], &["submit"]].concat());
    super::show(&client.post(&path, &values)?, session)
}
