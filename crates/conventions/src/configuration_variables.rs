//! Replaces settings of .NET in all `.config` files by the variables of the same names.

use std::path::Path;

use transforms::config_variables;

use super::configuration_transforms::served;
use super::deployment::Deployment;
use super::failure::Failure;
use super::features::CONFIGURATION_VARIABLES;
use super::files;
use super::pipeline::Next;

pub(super) fn replace(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    // Steps of older servers name the feature always, and switch it by this variable.
    const SWITCH: &str =
        "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings";
    let Some(folder) = deployment.directory() else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(CONFIGURATION_VARIABLES)? || !deployment.flag(SWITCH, true)? {
        return Ok(Next::Convention);
    }
    for file in files::all(folder)?.iter().filter(|file| is_config(file)) {
        if served(deployment, folder, file) {
            continue;
        }
        files::configure(deployment, folder, file, |text| {
            config_variables(text, &deployment.variables)
        })?;
    }
    Ok(Next::Convention)
}

/// Whether it is a configuration file of .NET, by its extension.
fn is_config(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("config"))
}
