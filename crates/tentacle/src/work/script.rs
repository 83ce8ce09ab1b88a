//! A script of a step, without a package.

use conventions::Machine;
use conventions::scripts::{Inline, InlineError, MaskedLog, run_inline};
use wire::v1::RunScript;

use super::{Done, Stop, Work, deploy::variable_set, ticket::Ticket};
use crate::status;

pub(super) fn run(work: &Work, ticket: &Ticket, order: RunScript) -> Result<Done, Stop> {
    let mut variables = variable_set(order.variables);
    Machine::here(status::host_name()).complete(&mut variables);
    let script = Inline {
        step: &order.name,
        body: &order.body,
        syntax: &order.syntax,
        variables: &variables,
        // A folder of the ticket.
        folder: &ticket.scripts_folder(),
        hidden: &[],
    };
    let log = MaskedLog::new(ticket, variables.sensitive_values());
    match run_inline(&script, &log, &ticket.cancel) {
        Ok((message, output)) => {
            ticket.set_output(&output);
            Ok(Done::Well(message))
        }
        Err(InlineError::Failed(why)) => Err(Stop::Failed(why)),
        Err(InlineError::Cancelled) if work.is_ending() => Err(Stop::Cancelled(
            "Tentacle was told to end, and ended this work. Deploy again.".to_owned(),
        )),
        Err(InlineError::Cancelled) => Err(Stop::Cancelled("Cancelled.".to_owned())),
    }
}
