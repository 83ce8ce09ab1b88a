//! `octo project-group …`.

use api::ProjectGroup;
use clap::Subcommand;

use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod list;
mod view;

/// Project groups: how projects are sorted in lists.
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
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// Prints one.
fn show(group: &ProjectGroup, session: &Session<'_>) -> Result<(), Error> {
    session.output.record(
        group,
        &group.name,
        vec![
            ("Id", (&group.id).into()),
            ("Name", (&group.name).into()),
            ("Description", (&group.description).into()),
        ],
    )?;
    Ok(())
}
