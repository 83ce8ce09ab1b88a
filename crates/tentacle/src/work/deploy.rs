//! A package deployment, by the conventions.

use conventions::{DeployRequest, Machine};
use variables::VariableSet;
use wire::v1::{DeployPackage, Variable};

use super::{Done, Stop, Work, ticket::Ticket};
use crate::status;

pub(super) fn run(work: &Work, ticket: &Ticket, deploy: DeployPackage) -> Result<Done, Stop> {
    let package = deploy
        .package
        .ok_or_else(|| Stop::Failed("the request names no package".to_owned()))?;
    let file = work
        .packages
        .find(&package)
        .map_err(|error| Stop::Failed(channel::describe(&error)))?
        .ok_or_else(|| {
            let (id, version) = (&package.id, &package.version);
            Stop::Failed(format!("{id} {version} has not arrived; deploy it again"))
        })?;
    let variables = variable_set(deploy.variables);
    let request = DeployRequest {
        ticket: ticket.id().to_owned(),
        package_file: file,
        package_id: package.id.clone(),
        version: package.version.clone(),
        environment: deploy.environment,
        applications: work.applications.clone(),
        journal: work.home.config().join("deployments.jsonl"),
        work_folder: ticket.scripts_folder(),
        variables,
        machine: Machine::here(status::host_name()),
    };
    let deployed = conventions::deploy(&request, ticket, &ticket.cancel);
    work.packages.release(&package, deployed.is_ok());
    match deployed {
        Ok(outcome) => {
            ticket.set_output(&outcome.output_variables);
            Ok(Done::Well(outcome.result_message))
        }
        Err(_) if work.is_ending() => Err(Stop::Cancelled(
            "Tentacle was told to end, and ended this work; what was installed before is \
             untouched. Deploy again."
                .to_owned(),
        )),
        Err(error) if ticket.cancel.is_cancelled() => {
            Err(Stop::Cancelled(channel::describe(&error)))
        }
        Err(error) => Err(Stop::Failed(channel::describe(&error))),
    }
}

/// The variables of an order.
pub(super) fn variable_set(given: Vec<Variable>) -> VariableSet {
    let mut variables = VariableSet::new();
    for variable in given {
        if variable.sensitive {
            variables.set_sensitive(variable.name, variable.value);
        } else {
            variables.set(variable.name, variable.value);
        }
    }
    variables
}
