//! A broken Tentacle is ordered; every machine rolls back by itself.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::{
    fleet::{all_run, standing, versions},
    upgrade::state,
};
use crate::demo::{
    claims::Claims, portal::Portal, rest::string, screen::Screen, server::PASSWORD, stage::Stage,
};

/// What the broken build prints last.
const LAST_LINE: &str = "the settings of this build are missing";

pub(super) fn order_broken(
    stage: &mut Stage,
    screen: &Screen,
    claims: &mut Claims,
) -> anyhow::Result<()> {
    screen.step("ordering Tentacle 2.1.0, which ends at start");
    let package = stage.broken.to_str().context("a path is no text")?;
    stage
        .octo
        .done(&["package", "upload", "--package", package])?;
    let ordered = [
        "tentacle",
        "upgrade",
        "--all",
        "--version",
        "2.1.0",
        "--no-wait",
    ];
    let task = stage.octo.json(&ordered)?;
    let task = string(&task, "Id").context("no task id")?;
    screen.wait_for("the order ends", Duration::from_secs(90), || {
        let state = state(stage, &task)?;
        ensure!(
            !["Queued", "Executing"].contains(&state.as_str()),
            "{state}"
        );
        Ok(())
    })?;
    claims.check(
        "the task failed with the reason and the last lines",
        failed(stage, &task),
    );
    claims.check(
        "each machine is back on 2.0.0 by itself",
        all_run(stage, "2.0.0"),
    );
    claims.check(
        "each ledger calls 2.1.0 bad: five ends",
        bad_everywhere(stage),
    );
    let healthy = screen.wait_for("all are healthy", Duration::from_secs(30), || {
        versions(stage, "2.0.0")
    });
    claims.check("the server sees 2.0.0, healthy, on each machine", healthy);
    claims.check("the portal says rolled back, and why", in_portal(stage));
    screen.say("every machine rolled 2.1.0 back to 2.0.0");
    Ok(())
}

fn failed(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let resource = stage.rest.task(task)?;
    let text = |field: &str| string(&resource, field).unwrap_or_default();
    let (state, error) = (text("State"), text("ErrorMessage"));
    ensure!(state == "Failed", "{state}");
    ensure!(
        error.contains("rolled back (crashed)") && error.contains(LAST_LINE),
        "{error}"
    );
    let log = stage.rest.log(task)?;
    let lines = log.iter().filter(|[_, _, text]| text.contains(LAST_LINE));
    let lines = lines.count();
    ensure!(
        lines >= stage.machines.len(),
        "{lines} lines of the failed runs"
    );
    Ok(format!("{task}: {state}"))
}

fn bad_everywhere(stage: &Stage) -> anyhow::Result<String> {
    let mut detail = String::new();
    for machine in 0..stage.machines.len() {
        let entry = standing(stage, machine, "2.1.0")?;
        let text = |field: &str| string(&entry, field).unwrap_or_default();
        ensure!(
            text("standing") == "bad" && text("reason") == "crashed",
            "{entry}"
        );
        detail = text("detail");
        ensure!(detail.contains("ended 5 times"), "{detail}");
    }
    Ok(detail)
}

fn in_portal(stage: &Stage) -> anyhow::Result<String> {
    let portal = Portal::sign_in(stage.address()?, "admin", PASSWORD)?;
    let html = portal.page("/environments")?;
    let marks = html.matches("olled back").count();
    ensure!(marks >= stage.machines.len(), "{marks} marks on the page");
    Ok(format!("{marks} marks on the Environments page"))
}
