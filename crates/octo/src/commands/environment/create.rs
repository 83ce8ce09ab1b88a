//! `octo environment create`.

use api::Environment;
use clap::Args;

use crate::commands::parts::yes;
use crate::error::Error;
use crate::names::Named;
use crate::session::Session;

/// Creates an environment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo environment create --name Staging
  octo environment create --name Production --description 'What customers see' --use-guided-failure")]
pub(crate) struct Arguments {
    /// Its name: 1 to 100 characters, unlike that of any other environment.
    #[arg(long, short)]
    name: Option<String>,
    /// Free text.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    description: String,
    /// A failure in it waits for a person, unless the project says otherwise.
    #[arg(long)]
    use_guided_failure: bool,
    /// Scripts may add and remove deployment targets.
    #[arg(long)]
    allow_dynamic_infrastructure: bool,
}

/// Creates it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = session.required(arguments.name, "--name", "Name of the environment")?;
    let client = session.client()?;
    let new = Environment {
        name,
        description: arguments.description,
        use_guided_failure: arguments.use_guided_failure,
        allow_dynamic_infrastructure: arguments.allow_dynamic_infrastructure,
        ..Environment::default()
    };
    let created: Environment = client.post(&Environment::path(&client, &[]), &new)?;
    session.output.record(
        &created,
        &created.name,
        vec![
            ("Id", (&created.id).into()),
            ("Name", (&created.name).into()),
            ("Description", (&created.description).into()),
            ("Guided failure", yes(created.use_guided_failure)),
            ("Dynamic", yes(created.allow_dynamic_infrastructure)),
        ],
    )?;
    Ok(())
}
