//! `octo project process …`.

use api::{DeploymentProcess, Project};
use clap::Subcommand;

use crate::client::Client;
use crate::error::Error;
use crate::names::{self, Named};
use crate::output::Cell;
use crate::session::Session;

mod update;
mod view;

/// The deployment process of a project: its steps, in order.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    View(view::Arguments),
    Update(update::Arguments),
}

impl Verb {
    /// Runs the command.
    pub(crate) fn run(self, session: &Session<'_>) -> Result<(), Error> {
        match self {
            Self::View(arguments) => view::run(arguments, session),
            Self::Update(arguments) => update::run(arguments, session),
        }
    }
}

/// Where the process of a project is.
fn path(client: &Client, project: &str) -> Result<String, Error> {
    let project: Project = names::one(client, project)?;
    Ok(Project::path(client, &[&project.id, "deploymentprocesses"]))
}

/// Prints one.
fn show(process: &DeploymentProcess, session: &Session<'_>) -> Result<(), Error> {
    let mut fields = vec![
        ("Id", Cell::from(&process.id)),
        ("Version", process.version.to_string().into()),
    ];
    fields.extend(process.steps.iter().map(|step| {
        let actions = step
            .actions
            .iter()
            .map(|action| match action.name == step.name {
                true => action.action_type.clone(),
                false => format!("{} ({})", action.name, action.action_type),
            });
        let actions: Vec<String> = actions.collect();
        (
            "Step",
            format!("{}  {}", step.name, actions.join(", ")).into(),
        )
    }));
    session.output.record(process, &process.id, fields)?;
    Ok(())
}
