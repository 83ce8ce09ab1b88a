//! `octo lifecycle …`.

use api::Lifecycle;
use clap::Subcommand;

use crate::error::Error;
use crate::output::Cell;
use crate::session::Session;

mod create;
mod delete;
mod list;
mod update;
mod view;

/// Lifecycles: through which phases a release goes, and how long it is kept.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    View(view::Arguments),
    Create(create::Arguments),
    Update(update::Arguments),
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
            Self::Update(arguments) => update::run(arguments, session),
            Self::Delete(arguments) => delete::run(arguments, session),
        }
    }
}

/// Prints one.
fn show(lifecycle: &Lifecycle, session: &Session<'_>) -> Result<(), Error> {
    let mut fields = vec![
        ("Id", Cell::from(&lifecycle.id)),
        ("Name", (&lifecycle.name).into()),
        ("Description", (&lifecycle.description).into()),
    ];
    fields.extend(lifecycle.phases.iter().map(|phase| {
        let count = |ids: &[String], how: &str| match ids.len() {
            0 => String::new(),
            count => format!("  {count} {how}"),
        };
        let text = format!(
            "{}{}{}{}",
            phase.name,
            count(&phase.optional_deployment_targets, "by people"),
            count(&phase.automatic_deployment_targets, "automatic"),
            if phase.is_optional_phase {
                "  optional"
            } else {
                ""
            },
        );
        ("Phase", text.into())
    }));
    session.output.record(lifecycle, &lifecycle.name, fields)?;
    Ok(())
}
