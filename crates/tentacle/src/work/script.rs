//! A script of a step, without a package.

use std::fs;

use conventions::scripts::{self, End, MaskedLog, Script};
use variables::VariableSet;
use wire::v1::RunScript;

use super::{Done, Stop, Work, deploy::variable_set, ticket::Ticket};

pub(super) fn run(work: &Work, ticket: &Ticket, order: RunScript) -> Result<Done, Stop> {
    let extension = match order.syntax.to_lowercase().as_str() {
        "" | "bash" => "sh",
        "python" => "py",
        "powershell" => "ps1",
        _ => {
            let syntax = &order.syntax;
            let text = format!("scripts in {syntax} are not run here; write it in Bash or Python");
            return Err(Stop::Failed(text));
        }
    };
    let variables = variable_set(order.variables);
    let body = variables.evaluate(&order.body).text;
    // A folder of the ticket: it is removed with what the script left there.
    let folder = ticket.scripts_folder();
    let directory = folder.join("work");
    let file = folder.join(format!("script.{extension}"));
    let written = fs::create_dir_all(&directory).and_then(|()| fs::write(&file, body));
    written.map_err(|error| {
        let file = file.display();
        Stop::Failed(format!(
            "{file} can't be written: {error}; look at the disk's space"
        ))
    })?;
    let outcome = perform(work, ticket, &order.name, &variables, &file);
    // It may hold secrets.
    let _gone = fs::remove_dir_all(&folder);
    outcome
}

fn perform(
    work: &Work,
    ticket: &Ticket,
    step: &str,
    variables: &VariableSet,
    file: &std::path::Path,
) -> Result<Done, Stop> {
    let failed = |error: &(dyn std::error::Error + 'static)| Stop::Failed(channel::describe(error));
    let log = MaskedLog::new(ticket, variables.sensitive_values());
    let mut values = Vec::with_capacity(variables.len());
    for variable in variables.iter() {
        if let Some(value) = variables
            .get(&variable.name)
            .map_err(|error| failed(&error))?
        {
            values.push((variable.name.clone(), value));
        }
    }
    let folder = ticket.scripts_folder();
    let script = Script {
        file,
        directory: &folder.join("work"),
        work_folder: &folder,
        variables: &values,
        timeout: None,
        step,
    };
    let report = scripts::run(&script, &log, &ticket.cancel).map_err(|error| failed(&error))?;
    log.keep(step, &report.artifacts);
    let strict = variables.is_truthy("Octopus.Action.FailScriptOnErrorOutput");
    match report.end {
        End::Code(0) if report.wrote_errors && strict.unwrap_or(false) => Err(Stop::Failed(
            "the script wrote to standard error, which the step does not allow".to_owned(),
        )),
        End::Code(0) => {
            ticket.set_output(&report.variables);
            let said = report.result_message;
            let message = said.map_or_else(|| "The script has run.".to_owned(), |it| log.mask(&it));
            Ok(Done::Well(message))
        }
        End::Code(code) => Err(Stop::Failed(format!(
            "the script ended with exit code {code}"
        ))),
        End::Signal(signal) => Err(Stop::Failed(format!(
            "the script was ended by signal {signal}"
        ))),
        End::TimedOut => Err(Stop::Failed("the script took too long".to_owned())),
        End::Cancelled if work.is_ending() => Err(Stop::Cancelled(
            "Tentacle was told to end, and ended this work. Deploy again.".to_owned(),
        )),
        End::Cancelled => Err(Stop::Cancelled("Cancelled.".to_owned())),
    }
}
