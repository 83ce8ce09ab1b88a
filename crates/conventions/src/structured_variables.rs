//! Replaces values in JSON, YAML, XML and properties files by the variables whose names are their paths.

use transforms::structured_variables;

use super::configuration_transforms::served;
use super::deployment::Deployment;
use super::failure::Failure;
use super::features::JSON_CONFIGURATION_VARIABLES;
use super::files::{self, Patterns};
use super::pipeline::Next;

/// Patterns of the files.
pub(super) const TARGETS: &str = "Octopus.Action.Package.JsonConfigurationVariablesTargets";

pub(super) fn replace(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let Some(folder) = deployment.directory() else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(JSON_CONFIGURATION_VARIABLES)? {
        return Ok(Next::Convention);
    }
    let patterns = Patterns::of(deployment, TARGETS)?;
    for file in patterns.select(&files::all(folder)?, deployment) {
        if served(deployment, folder, &file) {
            continue;
        }
        let name = file.to_string_lossy();
        files::configure(deployment, folder, &file, |text| {
            structured_variables(&name, text, &deployment.variables)
        })?;
    }
    Ok(Next::Convention)
}
