//! The order of the conventions.

use super::deployment::Deployment;
use super::failure::{DeployError, Failure};
use super::script_stage::{self, Stage};
use super::*;
use crate::scripts::Level;

/// One step of a deployment.
#[derive(Clone, Copy)]
struct Convention {
    /// As it is called in the log.
    step: &'static str,
    run: fn(&mut Deployment<'_>) -> Result<Next, Failure>,
}

/// How it goes on after a convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// With the next one.
    Convention,
    /// There is nothing to do: the package is installed already.
    Finished,
}

const PIPELINE: &[Convention] = &[
    Convention {
        step: "Features",
        run: features::check,
    },
    Convention {
        step: "Installed",
        run: already_installed::look,
    },
    Convention {
        step: "Extract",
        run: extract::extract,
    },
    Convention {
        step: "PreDeploy",
        run: |deployment| script_stage::run(deployment, Stage::PreDeploy),
    },
    Convention {
        step: "Substitute",
        run: substitute_in_files::substitute,
    },
    Convention {
        step: "Transform",
        run: configuration_transforms::transform,
    },
    Convention {
        step: "Configure",
        run: configuration_variables::replace,
    },
    Convention {
        step: "Structure",
        run: structured_variables::replace,
    },
    Convention {
        step: "Copy",
        run: installation_directory::fill,
    },
    Convention {
        step: "Deploy",
        run: |deployment| script_stage::run(deployment, Stage::Deploy),
    },
    Convention {
        step: "PostDeploy",
        run: |deployment| script_stage::run(deployment, Stage::PostDeploy),
    },
    Convention {
        step: "Journal",
        run: finish,
    },
];

/// Runs all conventions in order.
pub(super) fn run(deployment: &mut Deployment<'_>) -> Result<(), Failure> {
    for convention in PIPELINE {
        deployment.step = convention.step;
        deployment.check_cancelled()?;
        if (convention.run)(deployment)? == Next::Finished {
            break;
        }
    }
    Ok(())
}

fn finish(deployment: &mut Deployment<'_>) -> Result<Next, Failure> {
    script_stage::clean_up(deployment, Stage::DeployFailed)?;
    for folder in [&deployment.installed_to, &deployment.custom_directory]
        .into_iter()
        .flatten()
    {
        durable::flush(folder).map_err(Failure::file(folder, "flushed to disk"))?;
    }
    let journal = deployment.journal();
    journal
        .append(&deployment.entry(true))
        .map_err(Failure::file(journal.path(), "written"))?;
    let request = deployment.request;
    let directory = deployment
        .directory()
        .unwrap_or(&request.applications)
        .display();
    let text = format!(
        "{} {} is installed in {directory}",
        request.package_id, request.version
    );
    deployment.say(Level::Info, &text);
    deployment.step = "Retention";
    retention::apply(deployment);
    Ok(Next::Finished)
}

/// What is to be done after a failure. Whatever fails here is logged, and changes nothing.
pub(super) fn fail(deployment: &mut Deployment<'_>, failure: &Failure) -> DeployError {
    let error = DeployError::new(deployment.step, failure, deployment.log);
    deployment.say(Level::Error, &error.message);
    if deployment.installed_to.is_some() && !error.cancelled {
        deployment.step = "DeployFailed";
        if let Err(failure) = script_stage::run(deployment, Stage::DeployFailed) {
            let error = DeployError::new(deployment.step, &failure, deployment.log);
            deployment.say(Level::Error, &error.message);
        }
    }
    deployment.step = "Journal";
    let journal = deployment.journal();
    if let Err(error) = journal.append(&deployment.entry(false)) {
        let path = journal.path().display();
        deployment.say(
            Level::Error,
            &format!("The failure could not be written to {path}: {error}"),
        );
    }
    error
}
