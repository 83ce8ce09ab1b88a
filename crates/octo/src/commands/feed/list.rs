//! `octo feed list`.

use api::Feed;
use clap::Args;

use crate::commands::parts::Filter;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Lists the feeds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo feed list
  octo feed list --filter acme -f json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let all: Vec<Feed> = arguments.filter.apply(&client, &Feed::path(&client, &[]))?;
    session.output.list(
        &all,
        &["Name", "Id", "Type", "Address"],
        |one| one.name(),
        |one| {
            vec![
                (&one.name).into(),
                (&one.id).into(),
                (&one.feed_type).into(),
                one.feed_uri.as_deref().unwrap_or_default().into(),
            ]
        },
    )?;
    Ok(())
}
