//! The scripts of a stage: those in the package's root, and those that the step configures.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::Path;

use super::deployment::Deployment;
use super::failure::Failure;
use super::features::CUSTOM_SCRIPTS;
use super::files;
use super::pipeline::Next;
use crate::scripts::{self, End, Language, Level, Script};

/// Whether error output fails a script.
const STRICT: &str = "Octopus.Action.FailScriptOnErrorOutput";

/// When a script runs; also its name without extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before anything is configured.
    PreDeploy,
    /// Once all files are configured and in their place.
    Deploy,
    /// After that.
    PostDeploy,
    /// After a failure.
    DeployFailed,
}

/// Runs the stage's scripts: before configuration what the step says comes first, later the package.
pub(super) fn run(deployment: &mut Deployment<'_>, stage: Stage) -> Result<Next, Failure> {
    if stage == Stage::PreDeploy {
        configured(deployment, stage)?;
        packaged(deployment, stage)?;
    } else {
        packaged(deployment, stage)?;
        configured(deployment, stage)?;
    }
    Ok(Next::Convention)
}

/// Deletes the stage's scripts of the package without running them.
pub(super) fn clean_up(deployment: &mut Deployment<'_>, stage: Stage) -> Result<(), Failure> {
    let scripts = find(deployment, stage)?;
    delete(deployment, &scripts)
}

fn packaged(deployment: &mut Deployment<'_>, stage: Stage) -> Result<(), Failure> {
    let scripts = find(deployment, stage)?;
    let Some((script, others)) = scripts.split_first() else {
        return Ok(());
    };
    for other in others {
        let text = format!(
            "{} is left out: {} comes before it.",
            other.display(),
            script.display()
        );
        deployment.say(Level::Info, &text);
    }
    let ran = execute(deployment, script);
    let deleted = delete(deployment, &scripts);
    ran.and(deleted)
}

fn configured(deployment: &mut Deployment<'_>, stage: Stage) -> Result<(), Failure> {
    if !deployment.has_feature(CUSTOM_SCRIPTS)? {
        return Ok(());
    }
    let prefix = format!("Octopus.Action.CustomScripts.{stage:?}.");
    let has_prefix = |name: &&str| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(&prefix))
    };
    let mut found: Vec<(Language, String)> = Vec::new();
    for name in deployment.variables.names().filter(has_prefix) {
        if let Some(language) = Language::of(Path::new(name))
            && !deployment.get(name)?.is_empty()
        {
            found.push((language, name.to_owned()));
        }
    }
    found.sort_by_key(|(language, name)| (language.rank(), name.clone()));
    let Some(directory) = deployment.directory() else {
        return Ok(());
    };
    let mut names = found.into_iter().map(|(_, name)| name);
    let Some(name) = names.next() else {
        return Ok(());
    };
    for other in names {
        deployment.say(
            Level::Info,
            &format!("{other} is left out: {name} comes before it."),
        );
    }
    let body = deployment.variables.get(&name);
    let body = body
        .map_err(|source| Failure::Variable {
            name: name.clone(),
            source,
        })?
        .unwrap_or_default();
    let file = directory.join(&name);
    // It may hold secrets, now that it is evaluated.
    // Windows PowerShell takes a file without a byte order mark for one of the machine's code page.
    let mark = match Language::of(&file) {
        Some(Language::PowerShell) => "\u{FEFF}",
        _ => "",
    };
    let bytes = format!("{mark}{body}");
    let written = remove_file(&file).and_then(|()| files::write_private(&file, bytes.as_bytes()));
    written.map_err(Failure::file(&file, "written"))?;
    let name = OsString::from(name);
    let ran = execute(deployment, &name);
    let deleted = delete(deployment, &[name]);
    ran.and(deleted)
}

/// The names of the package's scripts for a stage, the one to run first. A custom installation
/// directory may hold files of others, so it is the package's own folder that counts.
fn find(deployment: &Deployment<'_>, stage: Stage) -> Result<Vec<OsString>, Failure> {
    let Some(folder) = &deployment.installed_to else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::file(folder, "read"))? {
        let path = entry.map_err(Failure::file(folder, "read"))?.path();
        let is_of_stage = path
            .file_stem()
            .is_some_and(|stem| stem.eq_ignore_ascii_case(format!("{stage:?}")));
        if let (Some(language), Some(name), true) = (
            Language::of(&path),
            path.file_name(),
            is_of_stage && path.is_file(),
        ) {
            found.push((language, name.to_owned()));
        }
    }
    found.sort_by_key(|(language, name)| (language.rank(), name.clone()));
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Runs a file of the installation.
fn execute(deployment: &mut Deployment<'_>, name: &OsStr) -> Result<(), Failure> {
    let Some(directory) = deployment.directory().map(Path::to_owned) else {
        return Ok(());
    };
    let script = name.display().to_string();
    let timeout = scripts::timeout(&deployment.variables)?;
    deployment.say(
        Level::Info,
        &format!("Running {script} in {}", directory.display()),
    );
    let report = scripts::run(
        &Script {
            file: &directory.join(name),
            directory: &directory,
            work_folder: &deployment.request.work_folder,
            variables: &scripts::values(&deployment.variables, deployment.log, deployment.step),
            timeout,
            step: deployment.step,
            hidden: &[],
        },
        deployment.log,
        deployment.cancel,
    )?;
    deployment.take_over(&report)?;
    if report.end == End::Cancelled {
        return Err(Failure::Cancelled);
    }
    let strict = report.wrote_errors && deployment.flag(STRICT, false)?;
    match report.complaint(strict, timeout) {
        None => Ok(()),
        Some(how) => Err(Failure::ScriptEnded {
            script,
            how,
            directory,
            message: report.result_message,
        }),
    }
}

/// Deletes scripts, where they ran and where they were unpacked.
fn delete(deployment: &Deployment<'_>, scripts: &[OsString]) -> Result<(), Failure> {
    if !deployment.flag("Octopus.DeleteScriptsOnCleanup", true)? {
        return Ok(());
    }
    for folder in [&deployment.installed_to, &deployment.custom_directory]
        .into_iter()
        .flatten()
    {
        for script in scripts {
            let file = folder.join(script);
            // A script may have deleted itself.
            remove_file(&file).map_err(Failure::file(&file, "deleted"))?;
        }
    }
    Ok(())
}

fn remove_file(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
