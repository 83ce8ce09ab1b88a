//! One action on one machine, or on the server, or of a person.

use std::{sync::Arc, time::Duration};

use ::variables::Masker;
use api::{DeploymentAction, PropertyValue, process};
use conductor::deployment::{self as plans, By, Recovery};
use wire::v1::{DeployPackage, RunScript, start_work_request::Work};

use super::{content::Content, failed, variables as own};
use crate::{
    lookup,
    runner::{
        job::{Job, Stop},
        on_server::{self, ServerScript},
        people, work,
    },
};

/// Longest time between two attempts.
const LONGEST_BACKOFF: Duration = Duration::from_secs(3600);

fn content(job: &Job) -> Result<Arc<Content>, Stop> {
    let content = job.content.as_ref().map(Arc::clone);
    content.ok_or_else(|| failed("This part belongs to no deployment."))
}

/// Works out what comes after a failure.
pub(in crate::runner) fn prepare(job: &mut Job) -> Result<(), Stop> {
    let content = content(job)?;
    settle(job, &content).map(|_| ())
}

/// The action, its step's number, and what the process says of failures and time.
fn settle<'a>(job: &mut Job, content: &'a Content) -> Result<(usize, &'a DeploymentAction), Stop> {
    let place = usize::try_from(job.target.action).unwrap_or(0);
    let (number, action) = content
        .action(place)
        .ok_or_else(|| failed("The release no longer holds this action."))?;
    if content.by(action) == By::Person {
        return Ok((number, action));
    }
    let value = |name: &str| content.evaluated(text(action, name));
    let seconds = |text: String| text.trim().parse::<f64>().ok();
    let time = |seconds: f64| Duration::try_from_secs_f64(seconds).ok();
    job.recovery = Recovery {
        retries: value(process::RETRIES).trim().parse().unwrap_or(0),
        guided: content.guided,
    };
    job.backoff = seconds(value(process::BACKOFF))
        .and_then(time)
        .unwrap_or_default()
        .min(LONGEST_BACKOFF);
    job.limit = seconds(value(process::TIME_LIMIT))
        .and_then(|minutes| time(minutes * 60.0))
        .filter(|limit| !limit.is_zero());
    Ok((number, action))
}

fn text<'a>(action: &'a DeploymentAction, name: &str) -> &'a str {
    action.properties.get(name).map_or("", PropertyValue::text)
}

/// Does it once, or goes on with it.
pub(in crate::runner) async fn part(job: &mut Job) -> Result<String, Stop> {
    let content = content(job)?;
    let (number, action) = settle(job, &content)?;
    let machine = match job.target.machine_id {
        plans::SERVER => None,
        _ => Some(job.known_machine().await?),
    };
    let part = (number, action);
    let variables =
        |given: &[(&str, &str)]| own::of_part(&job.app, &content, part, machine.as_ref(), given);
    match (content.by(action), action.action_type.as_str()) {
        (By::Person, _) => {
            job.local = true;
            let variables = variables(&[])?;
            let instructions = variables.evaluate(text(action, process::INSTRUCTIONS)).text;
            // They are stored as they are, and shown to everybody who sees the task.
            let masker = Masker::new(variables.sensitive_values());
            people::ask(job, &masker.mask(&instructions)).await
        }
        (By::Server, _) => {
            let script = ServerScript {
                step: action.name.clone(),
                body: text(action, process::SCRIPT_BODY).to_owned(),
                syntax: text(action, process::SCRIPT_SYNTAX).to_owned(),
                variables: variables(&[])?,
                idempotent: text(action, process::IDEMPOTENT).eq_ignore_ascii_case("true"),
            };
            on_server::run(job, script).await
        }
        (By::Machines, process::TENTACLE_PACKAGE) => {
            let named = action
                .packages
                .iter()
                .find(|package| package.name.is_empty());
            let id = named.map(|package| package.package_id.as_str());
            let version = content.package_version(&action.name);
            let package = lookup::package(&job.app, id, version)
                .await?
                .map_err(failed)?;
            let retention = own::retention(&content);
            let mut given = vec![
                (
                    "Octopus.Action.Package.PackageId",
                    package.package_id.as_str(),
                ),
                (
                    "Octopus.Action.Package.PackageVersion",
                    package.version.as_str(),
                ),
            ];
            given.extend(
                retention
                    .iter()
                    .map(|(name, value)| (*name, value.as_str())),
            );
            let order = DeployPackage {
                package: Some(work::package_ref(&package)),
                environment: content.environment.clone(),
                variables: own::to_wire(&variables(&given)?),
            };
            job.sends_anew = content.deployment.force_package_download;
            work::perform(job, Some(&package), Work::DeployPackage(order)).await
        }
        (By::Machines, process::SCRIPT) => {
            let order = RunScript {
                body: text(action, process::SCRIPT_BODY).to_owned(),
                syntax: text(action, process::SCRIPT_SYNTAX).to_owned(),
                variables: own::to_wire(&variables(&[])?),
                name: action.name.clone(),
            };
            work::perform(job, None, Work::RunScript(order)).await
        }
        (By::Machines, other) => Err(failed(format!(
            "This server does not know the action type {other}."
        ))),
    }
}
