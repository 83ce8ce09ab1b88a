//! The server gets a new version, and with it every Tentacle.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::{
    application::succeeded,
    fleet::{all_run, standing, versions},
};
use crate::demo::{
    claims::Claims, portal::Portal, rest::string, screen::Screen, server::PASSWORD, stage::Stage,
};

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn upgrade(
    stage: &mut Stage,
    screen: &Screen,
    claims: &mut Claims,
) -> anyhow::Result<()> {
    screen.step("stopping octopus 1.0.0, starting octopus 2.0.0 on the same data");
    stage.start_server(screen, "2.0.0")?;
    let portal = Portal::sign_in(stage.address()?, "admin", PASSWORD)?;
    let offered = screen.wait_for("2.0.0 is offered", PATIENCE, || offered(stage, &portal));
    claims.check(
        "the Environments page offers 2.0.0 for each machine",
        offered,
    );

    screen.step("upgrading all Tentacles by the page's button, while a deployment runs");
    let slow = start_slow_deployment(stage)?;
    screen.wait_for("the slow deployment runs", PATIENCE, || {
        is_migrating(stage, &slow)
    })?;
    let begun = Instant::now();
    let (location, endpoint) = portal.press("/environments/upgrade")?;
    let task = location.rsplit('/').next().context("no task")?.to_owned();
    claims.check("the button posts to the endpoint of tasks", {
        let is_tasks = endpoint == "/api/Spaces-1/tasks";
        is_tasks
            .then(|| format!("POST {endpoint} → {task}"))
            .context(endpoint)
    });
    let mut early = None;
    screen.wait_for("the upgrade ends", Duration::from_secs(120), || {
        let state = state(stage, &task)?;
        // Ended before every ledger says good? That would be a false success.
        if state == "Success" && early.is_none() {
            early = Some(all_good(stage, "2.0.0"));
        }
        ensure!(
            !["Queued", "Executing"].contains(&state.as_str()),
            "{state}"
        );
        Ok(())
    })?;
    let took = begun.elapsed().as_secs_f64();
    let ended = succeeded(stage, &task).map(|text| format!("{text}; {took:.1} s in all"));
    claims.check("the upgrade task succeeded", ended);
    claims.check(
        "each ledger said good when the task ended",
        early
            .context("the task did not succeed")
            .and_then(|seen| seen),
    );
    claims.check(
        "each machine runs the program of versions/2.0.0",
        all_run(stage, "2.0.0"),
    );
    claims.check(
        "the server sees 2.0.0 on each machine",
        versions(stage, "2.0.0"),
    );
    claims.check(
        "1.0.0 and 2.0.0 are installed side by side",
        side_by_side(stage),
    );
    claims.check(
        "the running deployment was finished first",
        finished_first(stage, &slow),
    );
    claims.check(
        "the task has the log of both sides",
        both_sides(stage, &task),
    );
    screen.say(&format!(
        "all three machines run Tentacle 2.0.0, {took:.1} s after the click"
    ));
    Ok(())
}

fn offered(stage: &Stage, portal: &Portal) -> anyhow::Result<String> {
    for machine in stage.rest.machines()? {
        let available = string(&machine, "Endpoint/TentacleVersionDetails/AvailableVersion");
        ensure!(available.as_deref() == Some("2.0.0"), "{available:?}");
    }
    let html = portal.page("/environments")?;
    let offers = html.matches("2.0.0 available").count();
    ensure!(offers == 3, "the page offers it {offers} times");
    ensure!(
        html.contains("Upgrade 3 Tentacles to 2.0.0"),
        "the page has no button for all"
    );
    Ok("3 × “2.0.0 available”".to_owned())
}

fn start_slow_deployment(stage: &Stage) -> anyhow::Result<String> {
    let task = stage.octo.json(&[
        "package",
        "deploy",
        "Acme.Web",
        "--deployment-target",
        "web-1",
        "--environment",
        "Staging",
        "--variable",
        "Demo.Seconds:4",
        "--variable",
        "Database.Host:db-1",
        "--no-wait",
    ])?;
    string(&task, "Id").context("no task id")
}

fn is_migrating(stage: &Stage, task: &str) -> anyhow::Result<()> {
    let log = stage.rest.log(task)?;
    let begun = log
        .iter()
        .any(|[_, _, text]| text.starts_with("Migrating the database"));
    ensure!(begun, "not yet");
    Ok(())
}

pub(super) fn state(stage: &Stage, task: &str) -> anyhow::Result<String> {
    string(&stage.rest.task(task)?, "State").context("a task without a state")
}

fn all_good(stage: &Stage, version: &str) -> anyhow::Result<String> {
    for machine in 0..stage.machines.len() {
        let entry = standing(stage, machine, version)?;
        let standing = string(&entry, "standing").unwrap_or_default();
        ensure!(standing == "good", "{standing}");
    }
    Ok(format!("{version} good on {}", stage.machines.len()))
}

fn side_by_side(stage: &Stage) -> anyhow::Result<String> {
    for machine in &stage.machines {
        let installed = machine.installed()?;
        ensure!(
            installed == ["1.0.0", "2.0.0"],
            "{}: {installed:?}",
            machine.name
        );
    }
    Ok("versions/1.0.0 and versions/2.0.0".to_owned())
}

fn finished_first(stage: &Stage, slow: &str) -> anyhow::Result<String> {
    // The server may need another moment to take over the end of the log.
    stage
        .octo
        .done(&["task", "wait", slow, "--timeout", "60"])?;
    succeeded(stage, slow)
}

fn both_sides(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let log = stage.rest.log(task)?;
    for machine in &stage.machines {
        let has = |part: &str| {
            log.iter()
                .any(|[name, _, text]| name == machine.name && text.contains(part))
        };
        for part in [
            "Tentacle 1.0.0 runs; installing 2.0.0",
            "Installed Tentacle 2.0.0 in",
            "started Tentacle 2.0.0",
            "Tentacle 2.0.0 runs and is good",
        ] {
            ensure!(has(part), "{}: no line `{part}`", machine.name);
        }
    }
    Ok("server, Tentacle 1.0.0 and Suction Cup".to_owned())
}
