//! Refuses a step that asks for more than this Tentacle can do, before anything is done.

use super::deployment::Deployment;
use super::failure::Failure;
use super::pipeline::Next;

pub(super) const CUSTOM_SCRIPTS: &str = "Octopus.Features.CustomScripts";
pub(super) const CONFIGURATION_VARIABLES: &str = "Octopus.Features.ConfigurationVariables";
pub(super) const CONFIGURATION_TRANSFORMS: &str = "Octopus.Features.ConfigurationTransforms";
pub(super) const SUBSTITUTE_IN_FILES: &str = "Octopus.Features.SubstituteInFiles";
pub(super) const JSON_CONFIGURATION_VARIABLES: &str = "Octopus.Features.JsonConfigurationVariables";

/// Features that a convention answers for. A custom directory is on by its own variable.
const KNOWN: [&str; 6] = [
    CUSTOM_SCRIPTS,
    CONFIGURATION_VARIABLES,
    CONFIGURATION_TRANSFORMS,
    SUBSTITUTE_IN_FILES,
    JSON_CONFIGURATION_VARIABLES,
    "Octopus.Features.CustomDirectory",
];

pub(super) fn check(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    const NAME: &str = "Octopus.Action.EnabledFeatures";
    let unknown = |feature: &String| {
        !KNOWN
            .iter()
            .any(|known| known.eq_ignore_ascii_case(feature))
    };
    match deployment.list(NAME)?.into_iter().find(unknown) {
        Some(feature) => Err(Failure::NoFeature {
            feature,
            name: NAME,
        }),
        None => Ok(Next::Convention),
    }
}
