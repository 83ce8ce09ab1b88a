//! XDT transforms of configuration files: those that the step names, and those that are found by
//! the names of the environment and the tenant.

mod pattern;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use transforms::xdt::{self, Warning};

use self::pattern::{Files, Pattern};
use super::deployment::Deployment;
use super::failure::Failure;
use super::features::CONFIGURATION_TRANSFORMS;
use super::files;
use super::pipeline::Next;
use crate::scripts::Level;

const EXPLICIT: &str = "Octopus.Action.Package.AdditionalXmlConfigurationTransforms";
const AUTOMATIC: &str = "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles";
const STRICT: &str = "Octopus.Action.Package.TreatConfigTransformationWarningsAsErrors";
const IGNORE: &str = "Octopus.Action.Package.IgnoreConfigTransformationErrors";

pub(super) fn transform(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    let Some(folder) = deployment.directory().map(Path::to_owned) else {
        return Ok(Next::Convention);
    };
    if !deployment.has_feature(CONFIGURATION_TRANSFORMS)? {
        return Ok(Next::Convention);
    }
    let explicit = patterns(&deployment.list(EXPLICIT)?);
    let automatic = automatic(deployment)?;
    let rules = Rules {
        strict: deployment.flag(STRICT, true)?,
        ignore: deployment.flag(IGNORE, false)?,
    };
    let all = files::all(&folder)?;
    let files = Files::new(&folder, &all);
    let mut unused: Vec<&Pattern> = explicit.iter().collect();
    let mut served = HashSet::new();
    for target in &all {
        // Each once, by the first pattern that leads to it.
        let mut done = HashSet::new();
        for pattern in explicit.iter().chain(&automatic) {
            let transforms = pattern.transforms(target, &files);
            if !transforms.is_empty() {
                unused.retain(|other| *other != pattern);
            }
            for transform in transforms {
                if done.insert(transform.clone()) {
                    deployment.check_cancelled()?;
                    apply(deployment, &folder, target, &transform, rules)?;
                    served.insert(transform);
                }
            }
        }
    }
    for pattern in unused {
        let text = format!(
            "No files match the transform \"{}\" ({EXPLICIT}).",
            pattern.text()
        );
        deployment.say(Level::Warning, &text);
    }
    deployment.transforms = served;
    Ok(Next::Convention)
}

fn patterns(texts: &[String]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text)).collect()
}

/// In the order in which they are applied.
fn automatic(deployment: &Deployment<'_>) -> Result<Vec<Pattern>, Failure> {
    if !deployment.flag(AUTOMATIC, true)? {
        return Ok(Vec::new());
    }
    let names = [
        "Release".to_owned(),
        deployment.get("Octopus.Environment.Name")?,
        deployment.get("Octopus.Deployment.Tenant.Name")?,
    ];
    // An environment's name is no pattern, whatever it holds.
    let names = names.iter().filter(|name| !name.is_empty());
    Ok(names.map(|name| Pattern::infix(name)).collect())
}

#[derive(Debug, Clone, Copy)]
struct Rules {
    /// What is odd is an error.
    strict: bool,
    /// What is an error is left out.
    ignore: bool,
}

fn apply(
    deployment: &Deployment<'_>,
    folder: &Path,
    target: &Path,
    transform: &Path,
    rules: Rules,
) -> Result<(), Failure> {
    let shown = transform.strip_prefix(folder).unwrap_or(transform);
    let line = format!("Transforming {} by {}", target.display(), shown.display());
    deployment.say(Level::Info, &line);
    let instructions = files::read_text(transform)?.text;
    let changed = files::change_text(&folder.join(target), |text| {
        let done = match rules.ignore {
            true => xdt::transform_lenient(text, &instructions),
            false => xdt::transform(text, &instructions),
        };
        let outcome = done.map_err(|source| Failure::Xdt {
            target: folder.join(target),
            transform: transform.to_owned(),
            source,
        })?;
        warn(deployment, shown, &outcome.warnings);
        match outcome.warnings.into_iter().next() {
            Some(first) if rules.strict && !rules.ignore => {
                Err(odd(folder.join(target), transform, first))
            }
            _ => Ok(outcome.text),
        }
    });
    match changed {
        Err(failure @ Failure::Xdt { .. }) if rules.ignore => {
            deployment.say(Level::Warning, &super::failure::chain(&failure));
            Ok(())
        }
        changed => changed.map(drop),
    }
}

fn warn(deployment: &Deployment<'_>, transform: &Path, warnings: &[Warning]) {
    for warning in warnings {
        let Warning {
            line,
            column,
            message,
        } = warning;
        let transform = transform.display();
        let text = format!("{transform}, line {line}, column {column}: {message}");
        deployment.say(Level::Warning, &text);
    }
}

fn odd(target: PathBuf, transform: &Path, first: Warning) -> Failure {
    Failure::XdtWarning {
        target,
        transform: transform.to_owned(),
        line: first.line,
        column: first.column,
        message: first.message,
        name: STRICT,
    }
}

/// Whether the file has served as a transform: such a file gets no variables.
pub(super) fn served(deployment: &Deployment<'_>, folder: &Path, file: &Path) -> bool {
    let is_one = deployment.transforms.contains(&folder.join(file));
    if is_one {
        let text = format!("{} was a transform, and gets no variables", file.display());
        deployment.say(Level::Verbose, &text);
    }
    is_one
}
