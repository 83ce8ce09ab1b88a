//! `octo feed …`.

use api::Feed;
use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod list;
mod view;

/// Feeds: where packages come from besides the server itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Create(create::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Create(arguments) => create::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// Prints one.
fn show(feed: &Feed, session: &Session<'_>) -> Result<(), Error> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default().into();
    let fields = vec![
        ("Id", (&feed.id).into()),
        ("Name", (&feed.name).into()),
        ("Type", (&feed.feed_type).into()),
        ("Address", some(&feed.feed_uri)),
        ("User", some(&feed.username)),
    ];
    session.output.record(feed, &feed.name, fields)?;
    Ok(())
}
