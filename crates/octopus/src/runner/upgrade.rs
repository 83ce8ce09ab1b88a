//! The upgrade of one machine's Tentacle: does what the conductor says.

use std::time::Duration;

use api::LogCategory;
use conductor::upgrade::{self, Opening, Verdict};
use nupkg::NuGetVersion;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep},
};
use wire::v1::{StatusRequest, StatusResponse, UpgradeTentacle, start_work_request::Work};

use super::{
    job::{Job, Stop},
    work,
};
use crate::{
    fleet,
    store::{Result, packages::Package},
    tentacles,
};

/// Between two looks at a machine that starts its new version.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

pub(super) async fn run(job: &mut Job) -> Result<String, Stop> {
    let turn = job.app.runner.upgrade_of(job.target.machine_id);
    let _turn = await_turn(job, &turn).await?;
    job.activity("Asking for the running version", 0).await?;
    let server_version = job.app.version.to_string();
    let status = job
        .patiently(job.call_limit(), |mut client| {
            let server_version = server_version.clone();
            let request = StatusRequest { server_version };
            async move { Ok(client.status(request).await?.into_inner()) }
        })
        .await?;
    let package = package_for(job, &status).await?;
    let ordered: NuGetVersion = parse(&package.version)?;
    // After a restart of the server the work may be done already: its ticket tells.
    let opening = match job.target.agent_sequence {
        0 => upgrade::opening(&report(&status)?, &ordered),
        _ => Opening::Install,
    };
    match opening {
        Opening::AlreadyRuns => return Ok(format!("Tentacle {ordered} runs there already.")),
        Opening::Refuse(why) => return Err(Stop::Failed(why)),
        Opening::Install => {}
    }
    if job.target.agent_sequence == 0 {
        let text = format!("Tentacle {} runs; installing {ordered}.", status.version);
        job.log(LogCategory::Info, "Upgrade", &text).await?;
    }
    let order = UpgradeTentacle {
        package: Some(work::package_ref(&package)),
    };
    work::perform(job, Some(&package), Work::UpgradeTentacle(order)).await?;
    job.write_down().await?;
    await_verdict(job, ordered).await
}

/// Until no other task upgrades this machine. One that a restart of the server
/// interrupted goes first: its ticket is at work there.
async fn await_turn<'a>(job: &mut Job, turn: &'a Mutex<()>) -> Result<MutexGuard<'a, ()>, Stop> {
    loop {
        let guard = tokio::select! {
            guard = turn.lock() => guard,
            () = job.cancelled() => return Err(Stop::CancelAsked),
        };
        let begun = job.app.store.begun_upgrade(job.target.machine_id).await?;
        if begun.is_none_or(|task| task == job.task.id) {
            return Ok(guard);
        }
        drop(guard);
        sleep(LOOK_AGAIN).await;
    }
}

/// Looks at the machine until its own ledger has decided.
async fn await_verdict(job: &mut Job, ordered: NuGetVersion) -> Result<String, Stop> {
    let begun = Instant::now();
    let watch = upgrade::Watch::new(Duration::ZERO, ordered.clone(), &job.target.ticket);
    let mut shown = String::new();
    loop {
        let machine = job.machine().await?;
        let answer = fleet::look(&job.app, &machine).await?;
        let now = begun.elapsed();
        let verdict = match &answer {
            Ok(status) => watch.reported(now, &report(status)?),
            Err(why) => watch.silent(now, why),
        };
        match verdict {
            Verdict::Wait(activity) => {
                if shown != activity {
                    job.log(LogCategory::Wait, "Upgrade", &activity).await?;
                    job.activity(&activity, 50).await?;
                    shown = activity;
                }
            }
            Verdict::Done => {
                let status = answer.unwrap_or_default();
                supervisor_log(job, &status).await?;
                return Ok(format!("Tentacle {ordered} runs and is good."));
            }
            Verdict::Failed { reason, last_lines } => {
                supervisor_log(job, &answer.unwrap_or_default()).await?;
                let step = format!("Last lines of Tentacle {ordered}");
                for line in &last_lines {
                    job.log(LogCategory::Error, &step, line).await?;
                }
                let last = last_lines.last();
                let last = last.map(|line| format!(" It said: {line}"));
                return Err(Stop::Failed(reason + &last.unwrap_or_default()));
            }
        }
        tokio::select! {
            () = sleep(LOOK_AGAIN) => {}
            () = job.cancelled() => return Err(Stop::CancelAsked),
        }
    }
}

/// The machine's side of the story.
async fn supervisor_log(job: &Job, status: &StatusResponse) -> Result<()> {
    for line in &status.supervisor_log {
        job.log(LogCategory::Info, "Suction Cup", line).await?;
    }
    Ok(())
}

/// The package that fits the machine: of the version that was asked for, else the server's own.
async fn package_for(job: &Job, status: &StatusResponse) -> Result<Package, Stop> {
    let wanted = job.task.arguments.version.as_deref();
    let version = match wanted {
        Some(text) => parse(text)?,
        None => job.app.version.clone(),
    };
    let id = tentacles::package_id(&status.rid);
    let found = job.app.store.package(&id, &version.to_string()).await?;
    found.ok_or_else(|| {
        Stop::Failed(format!(
            "This server has no {id} {version}; push that package, or choose another version."
        ))
    })
}

fn parse(version: &str) -> Result<NuGetVersion, Stop> {
    let parsed = version.parse::<NuGetVersion>();
    parsed.map_err(|error| Stop::Failed(error.to_string()))
}

fn report(status: &StatusResponse) -> Result<upgrade::Report, Stop> {
    fleet::report(status).map_err(|error| {
        Stop::Failed(format!(
            "The machine reports a version that is none: {error}"
        ))
    })
}
