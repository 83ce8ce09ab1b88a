//! `octo channel …`.

use api::{Channel, ChannelRule, Project};
use clap::Subcommand;

use crate::client::Client;
use crate::commands::parts::yes;
use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

mod create;
mod delete;
mod list;
mod view;

/// Channels of a project: which versions a release may hold, and which lifecycle it follows.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// The channels of a project.
fn of_project(client: &Client, project: &str) -> Result<(Project, Vec<Channel>), Error> {
    let project: Project = names::one(client, project)?;
    let path = Project::path(client, &[&project.id, "channels"]);
    let channels = client.all(&path, &[])?;
    Ok((project, channels))
}

/// The one channel of a project that is meant; chosen by a person when none is named.
fn one(which: Option<String>, project: &str, session: &Session<'_>) -> Result<Channel, Error> {
    let wanted = session.pick_from(which, "NAME", "Channel", |client| {
        Ok(names::names(&of_project(client, project)?.1))
    })?;
    let (_, channels) = of_project(&session.client()?, project)?;
    names::find(&channels, &wanted).cloned()
}

/// Prints one.
fn show(channel: &Channel, session: &Session<'_>) -> Result<(), Error> {
    let rules = channel.rules.iter().map(rule).collect::<Vec<_>>();
    session.output.record(
        channel,
        &channel.name,
        vec![
            ("Id", (&channel.id).into()),
            ("Name", (&channel.name).into()),
            ("Description", (&channel.description).into()),
            ("Project", (&channel.project_id).into()),
            (
                "Lifecycle",
                channel
                    .lifecycle_id
                    .as_deref()
                    .unwrap_or("as the project's")
                    .into(),
            ),
            ("Default", yes(channel.is_default)),
            ("Rules", rules.join("; ").into()),
        ],
    )?;
    Ok(())
}

/// `Deploy web: [1.0,2.0) ^$`
fn rule(rule: &ChannelRule) -> String {
    let actions = rule.action_packages.iter();
    let actions: Vec<&str> = actions.map(|one| one.deployment_action.as_str()).collect();
    let text = format!(
        "{}: {} {}",
        actions.join(", "),
        rule.version_range,
        rule.tag
    );
    text.trim_end().to_owned()
}
