//! Evaluates `#{…}` in the files that the step names.

use transforms::substitute as substitute_text;

use super::deployment::Deployment;
use super::failure::Failure;
use super::features::SUBSTITUTE_IN_FILES;
use super::files::{self, Patterns};
use super::pipeline::Next;
use crate::scripts::Level;

/// Patterns of the files.
pub(super) const TARGETS: &str = "Octopus.Action.SubstituteInFiles.TargetFiles";

pub(super) fn substitute(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let Some(folder) = deployment.directory() else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(SUBSTITUTE_IN_FILES)? {
        return Ok(Next::Convention);
    }
    let patterns = Patterns::of(deployment, TARGETS)?;
    for file in patterns.select(&files::all(folder)?, deployment) {
        deployment.check_cancelled()?;
        let path = folder.join(&file);
        let name = file.display();
        let changed = files::change_text(&path, |text| {
            let done =
                substitute_text(text, &deployment.variables).map_err(Failure::transform(&path))?;
            if let Some(error) = done.parse_error {
                deployment.say(
                    Level::Warning,
                    &format!("{name}: {error}; this place stays as it is"),
                );
            }
            if !done.missing.is_empty() {
                let missing = done.missing.join(", ");
                deployment.say(
                    Level::Verbose,
                    &format!("{name}: without a value, and left as they are: {missing}"),
                );
            }
            Ok(done.text)
        })?;
        deployment.say(
            Level::Verbose,
            &format!(
                "{name}: {}",
                if changed {
                    "substituted"
                } else {
                    "nothing to substitute"
                }
            ),
        );
    }
    Ok(Next::Convention)
}
