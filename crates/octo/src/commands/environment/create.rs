//! `octo environment create`.

use api::{Environment, NewEnvironment};
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Creates an environment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo environment create --name Staging
  octo environment create --name Production --description 'What customers see'")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other environment.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the environment")?;
    let client = session.client()?;
    let new = NewEnvironment {
        name,
        description: arguments.description,
    };
    let created: Environment = client.post(&client.in_space(&["environments"]), &new)?;
    session.output.record(
        &created,
        &created.name,
        vec![
            ("Id", (&created.id).into()),
            ("Name", (&created.name).into()),
            ("Description", (&created.description).into()),
        ],
    )?;
    Ok(())
}
