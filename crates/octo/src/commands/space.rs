//! `octo space …`.

use api::Space;
use clap::Subcommand;

use crate::commands::parts::yes;
use crate::error::Error;
use crate::session::Session;

mod create;
mod delete;
mod list;
mod view;

/// Spaces: each has its own environments, projects and everything that belongs to them.
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
fn show(space: &Space, session: &Session<'_>) -> Result<(), Error> {
    session.output.record(
        space,
        &space.name,
        vec![
            ("Id", (&space.id).into()),
            ("Name", (&space.name).into()),
            ("Slug", (&space.slug).into()),
            ("Description", (&space.description).into()),
            ("Default", yes(space.is_default)),
            ("Queue stopped", yes(space.task_queue_stopped)),
        ],
    )?;
    Ok(())
}
