//! Installs and configures one package on this machine, by Octopus Deploy's conventions.
//!
//! A deployment is a list of conventions (`pipeline`) that work on one `Deployment`
//! one after another. Packages are installed side by side: until all have succeeded,
//! the previous installation is untouched and the journal calls it current.
//!
//! Knows nothing of the server or its protocol; whoever calls [`deploy`] supplies the
//! package, the variables and a log.
//!
#![doc = include_str!("../README.md")]

mod already_installed;
mod configuration_transforms;
mod configuration_variables;
mod deployment;
mod durable;
mod extract;
mod failure;
mod features;
mod files;
mod folder_name;
mod installation_directory;
mod journal;
mod lock;
mod pipeline;
mod request;
mod retention;
mod script_stage;
pub mod scripts;
mod structured_variables;
mod substitute_in_files;

pub use failure::DeployError;
pub use journal::{Entry, Journal};
pub use request::{DeployRequest, Machine, Outcome};
pub use scripts::{Artifact, CancelToken, Level, Log, OutputVariable};

use deployment::Deployment;
use scripts::MaskedLog;

/// Installs a package to its end. Blocks; call it on a thread that may.
///
/// Two deployments of the same package to the same environment, and two to the same
/// custom installation directory, wait for each other; others run side by side.
///
/// # Errors
/// A convention failed or the work was cancelled. The message has its secrets masked, says
/// what to do, and is in the log already.
pub fn deploy(
    request: &DeployRequest,
    log: &dyn Log,
    cancel: &CancelToken,
) -> Result<Outcome, DeployError> {
    let log = MaskedLog::new(log, request.variables.sensitive_values());
    let mut deployment = Deployment::new(request, &log, cancel);
    match pipeline::run(&mut deployment) {
        Ok(()) => Ok(deployment.into_outcome()),
        Err(failure) => Err(pipeline::fail(&mut deployment, &failure)),
    }
}
