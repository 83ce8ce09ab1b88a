//! A script of a step, without a package.

use std::fs;

use conventions::Machine;
use conventions::scripts::{self, End, MaskedLog, Script};
use variables::VariableSet;
use wire::v1::RunScript;

use super::{Done, Stop, Work, deploy::variable_set, ticket::Ticket};
use crate::status;

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
    let mut variables = variable_set(order.variables);
    Machine::here(status::host_name()).complete(&mut variables);
    // Windows PowerShell takes a file without a byte order mark for one of the machine's code page.
    let mark = if extension == "ps1" { "\u{FEFF}" } else { "" };
    let body = format!("{mark}{}", variables.evaluate(&order.body).text);
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
    let values = scripts::values(variables, &log, step);
    let timeout = scripts::timeout(variables).map_err(|error| failed(&error))?;
    let folder = ticket.scripts_folder();
    let script = Script {
        file,
        directory: &folder.join("work"),
        work_folder: &folder,
        variables: &values,
        timeout,
        step,
    };
    let report = scripts::run(&script, &log, &ticket.cancel).map_err(|error| failed(&error))?;
    log.keep(step, &report.artifacts);
    let strict = variables.is_truthy("Octopus.Action.FailScriptOnErrorOutput");
    let said = report.result_message.as_ref().map(|it| log.mask(it));
    if let Some(how) = report.complaint(strict.unwrap_or(false), timeout) {
        let said = said.map_or_else(String::new, |it| format!(", and says: {it}"));
        return Err(Stop::Failed(format!("the script {how}{said}")));
    }
    match report.end {
        End::Cancelled if work.is_ending() => Err(Stop::Cancelled(
            "Tentacle was told to end, and ended this work. Deploy again.".to_owned(),
        )),
        End::Cancelled => Err(Stop::Cancelled("Cancelled.".to_owned())),
        _ => {
            ticket.set_output(&report.variables);
            Ok(Done::Well(
                said.unwrap_or_else(|| "The script has run.".to_owned()),
            ))
        }
    }
}
