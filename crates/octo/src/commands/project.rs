//! `octo project …`.

use api::Project;
use clap::Subcommand;

use crate::commands::parts::yes;
use crate::error::Error;
use crate::names::{self, Named};
use crate::session::Session;

mod clone;
mod create;
mod delete;
mod disable;
mod enable;
mod list;
mod process;
mod variables;
mod view;

/// Projects: what is deployed together, and how.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Arguments),
    Clone(clone::Arguments),
    Enable(enable::Arguments),
    Disable(disable::Arguments),
    #[command(subcommand)]
    Process(process::Verb),
    #[command(subcommand, visible_alias = "variable")]
    Variables(variables::Verb),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::Create(arguments) => create::run(arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
            Self::View(arguments) => view::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
            Self::Clone(arguments) => clone::run(arguments, session),
            Self::Enable(arguments) => enable::run(arguments, session),
            Self::Disable(arguments) => disable::run(arguments, session),
            Self::Process(verb) => verb.run(session),
            Self::Variables(verb) => verb.run(session),
        }
    }
}

/// Prints one.
fn show(project: &Project, session: &Session<'_>) -> Result<(), Error> {
    session.output.record(
        project,
        &project.name,
        vec![
            ("Id", (&project.id).into()),
            ("Name", (&project.name).into()),
            ("Slug", (&project.slug).into()),
            ("Description", (&project.description).into()),
            ("Disabled", yes(project.is_disabled)),
        ],
    )?;
    Ok(())
}

/// Enables or disables one.
fn switch(which: Option<String>, disabled: bool, session: &Session<'_>) -> Result<(), Error> {
    let wanted = session.pick::<Project>(which, "NAME", "Project")?;
    let client = session.client()?;
    let mut project: Project = names::one(&client, &wanted)?;
    project.is_disabled = disabled;
    let path = Project::path(&client, &[&project.id]);
    show(&client.put(&path, &project)?, session)
}
