//! Which conventions a step asks for. One that asks for more than this Tentacle can do is refused
//! before anything is done.

use variables::VariableSet;

use super::deployment::Deployment;
use super::failure::Failure;
use super::pipeline::Next;
use super::{structured_variables, substitute_in_files};

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

/// Names the features that are on, separated by commas.
pub(super) const ENABLED: &str = "Octopus.Action.EnabledFeatures";

/// What is on where nobody has said so: `.config` files, as in every new step of Octopus, and
/// what is told by a variable of its own what to work on.
pub(super) fn usual(variables: &VariableSet) -> String {
    let told = |start: &str| {
        let told = |name: &str| {
            let found = name.get(..start.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(start))
        };
        variables.names().any(told)
    };
    let mut features = vec![CONFIGURATION_TRANSFORMS, CONFIGURATION_VARIABLES];
    for (variable, feature) in [
        ("Octopus.Action.CustomScripts.", CUSTOM_SCRIPTS),
        (substitute_in_files::TARGETS, SUBSTITUTE_IN_FILES),
        (structured_variables::TARGETS, JSON_CONFIGURATION_VARIABLES),
    ] {
        if told(variable) {
            features.push(feature);
        }
    }
    features.join(",")
}

pub(super) fn check(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let unknown = |feature: &String| {
        !KNOWN
            .iter()
            .any(|known| known.eq_ignore_ascii_case(feature))
    };
    match deployment.list(ENABLED)?.into_iter().find(unknown) {
        Some(feature) => Err(Failure::NoFeature {
            feature,
            name: ENABLED,
        }),
        None => Ok(Next::Convention),
    }
}
