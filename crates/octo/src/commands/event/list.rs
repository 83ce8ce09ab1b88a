//! `octo event list`.

use api::{Event, Page};
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists the changes, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo event list --limit 20
  octo event list --user ada --category Modified --from 2030-01-01T00:00:00Z
  octo event list --regarding Projects-3 -f json")]
pub(crate) struct Arguments {
    /// Only what this user did; may be given several times.
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// Only this kind, such as Created, Modified, Deleted; may be given several times.
    #[arg(long, value_name = "KIND")]
    category: Vec<String>,
    /// Only what was done to the thing with this id; may be given several times.
    #[arg(long, value_name = "ID")]
    regarding: Vec<String>,
    /// Only since then, such as 2030-01-31T20:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only until then.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Users and teams too, which belong to no space.
    #[arg(long)]
    include_system: bool,
    /// How many at most.
    #[arg(long, short = 'n', default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// Lists them.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let of = |words: &[String]| words.join(",");
    let given = [
        ("users", of(&arguments.user)),
        ("eventCategories", of(&arguments.category)),
        ("regarding", of(&arguments.regarding)),
        ("from", arguments.from.clone().unwrap_or_default()),
        ("to", arguments.to.clone().unwrap_or_default()),
        ("take", arguments.limit.to_string()),
    ];
    let mut query: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if arguments.include_system {
        query.push(("includeSystem", "true"));
    }
    let page: Page<Event> = client.get(&client.in_space(&["events"]), &query)?;
    let output = &session.output;
    output.list(
        &page.items,
        &["When", "Who", "Kind", "What"],
        |one| &one.id,
        |one| {
            vec![
                output.time(&one.occurred).into(),
                (&one.username).into(),
                (&one.category).into(),
                (&one.message).into(),
            ]
        },
    )?;
    Ok(())
}
