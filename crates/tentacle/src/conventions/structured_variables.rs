//! Variables in JSON, YAML, XML and properties files. They are not there yet, so a step that
//! names such files fails rather than going on with files that are not configured.

use super::deployment::Deployment;
use super::failure::Failure;
use super::features::JSON_CONFIGURATION_VARIABLES;
use super::files::{self, Patterns};
use super::pipeline::Next;

pub(super) fn replace(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    const NAME: &str = "Octopus.Action.Package.JsonConfigurationVariablesTargets";
    let Some(folder) = deployment.directory() else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(JSON_CONFIGURATION_VARIABLES)? {
        return Ok(Next::Convention);
    }
    let patterns = Patterns::of(deployment, NAME)?;
    match patterns.select(&files::all(folder)?, deployment).first() {
        Some(file) => Err(Failure::NoFeature {
            feature: JSON_CONFIGURATION_VARIABLES.to_owned(),
            name: NAME,
            why: format!(", and {} is to be configured", file.display()),
        }),
        None => Ok(Next::Convention),
    }
}
