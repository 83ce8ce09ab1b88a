//! `octo interruption list`.

use api::Interruption;
use clap::Args;

use crate::error::Error;
use crate::session::Session;

/// Lists what waits for a person's word.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo interruption list
  octo interruption list --task ServerTasks-42 --all -f json")]
pub(crate) struct Arguments {
    /// Only what this task asks.
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// What was answered, too.
    #[arg(long)]
    all: bool,
}

/// Lists it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let mut query = Vec::new();
    query.extend(arguments.task.as_deref().map(|task| ("regarding", task)));
    if !arguments.all {
        query.push(("pendingOnly", "true"));
    }
    let all: Vec<Interruption> = client.all(&client.in_space(&["interruptions"]), &query)?;
    let output = &session.output;
    output.list(
        &all,
        &["Id", "Task", "Asked", "Title", "Answers"],
        |one| &one.id,
        |one| {
            let (_, choices) = super::choices(one);
            let answers = match one.is_pending {
                true => choices.join(", "),
                false => "answered".to_owned(),
            };
            vec![
                (&one.id).into(),
                (&one.task_id).into(),
                output.time(&one.created).into(),
                (&one.title).into(),
                answers.into(),
            ]
        },
    )?;
    Ok(())
}
