//! XDT transforms of `.config` files. They are not there yet, so a step that needs one fails
//! rather than going on with files that are not transformed.

use std::path::{Path, PathBuf};

use super::configuration_variables::is_config;
use super::deployment::Deployment;
use super::failure::Failure;
use super::features::CONFIGURATION_TRANSFORMS;
use super::files;
use super::pipeline::Next;

pub(super) fn transform(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    const EXPLICIT: &str = "Octopus.Action.Package.AdditionalXmlConfigurationTransforms";
    const AUTOMATIC: &str =
        "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles";
    let Some(folder) = deployment.directory() else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(CONFIGURATION_TRANSFORMS)? {
        return Ok(Next::Convention);
    }
    let needed = |name, why| {
        Err(Failure::NoFeature {
            feature: CONFIGURATION_TRANSFORMS.to_owned(),
            name,
            why,
        })
    };
    if let Some(transform) = deployment.list(EXPLICIT)?.first() {
        return needed(EXPLICIT, format!(", and the step asks for \"{transform}\""));
    }
    if deployment.flag(AUTOMATIC, true)? {
        let tenant = deployment.get("Octopus.Deployment.Tenant.Name")?;
        let names = [
            "Release",
            &deployment.get("Octopus.Environment.Name")?,
            &tenant,
        ];
        let files = files::all(folder)?;
        if let Some(file) = files
            .iter()
            .find(|file| names.iter().any(|name| is_transform(file, name, &files)))
        {
            return needed(
                AUTOMATIC,
                format!(", and {} is a transform", file.display()),
            );
        }
    }
    Ok(Next::Convention)
}

/// Whether `file` is `<base>.<name>.config` for a `<base>.config` next to it, whatever the case.
fn is_transform(file: &Path, name: &str, files: &[PathBuf]) -> bool {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    let suffix = format!(".{}.config", name.to_lowercase());
    if name.is_empty() || !is_config(file) {
        return false;
    }
    let file = lower(file);
    let base = file
        .strip_suffix(&suffix)
        .map(|base| format!("{base}.config"));
    base.is_some_and(|base| files.iter().any(|other| lower(other) == base))
}
