//! `octo task view`.

use api::{ActivityElement, TaskDetails};
use clap::Args;

use crate::error::Error;
use crate::output::Cell;
use crate::session::Session;

/// Shows one task, and how far each machine and step is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo task view ServerTasks-42
  octo task view ServerTasks-42 -f json")]
pub(crate) struct Arguments {
    /// The task's id.
    #[arg(value_name = "ID")]
    id: String,
}

/// Shows it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let path = client.in_space(&["tasks", &arguments.id, "details"]);
    let details: TaskDetails = client.get(&path, &[])?;
    let names: Vec<(String, &ActivityElement)> = details
        .activity_logs
        .iter()
        .flat_map(|root| &root.children)
        .flat_map(|machine| {
            let steps = machine.children.iter();
            std::iter::once((machine.name.clone(), machine))
                .chain(steps.map(|step| (format!("  {}", step.name), step)))
        })
        .collect();
    let mut fields = session.output.task_fields(&details.task);
    if !details.task.is_completed {
        let progress = &details.progress;
        let text = format!(
            "{} %  {}",
            progress.progress_percentage, progress.current_activity
        );
        fields.push(("Progress", text.trim_end().into()));
    }
    fields.extend(
        names
            .iter()
            .map(|(name, element)| (name.as_str(), Cell::state(element.status.into()))),
    );
    session.output.record(&details, &details.task.id, fields)?;
    Ok(())
}
