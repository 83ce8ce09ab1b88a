//! Every command of `octo` prints JSON when asked, on the real server.

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::demo::{claims::Claims, screen::Screen, stage::Stage};

/// Commands that only look; `TASK` stands for the newest task.
const COMMANDS: [&[&str]; 26] = [
    &["login", "--no-prompt"],
    &["package", "list"],
    &["package", "versions", "--package", "Acme.Web"],
    &["environment", "list"],
    &["config", "list"],
    &["space", "list"],
    &["space", "view", "Default"],
    &["user", "list"],
    &["build-information", "list"],
    &["project-group", "list"],
    &["project-group", "view", "Demo"],
    &["project", "list"],
    &["project", "view", "orders"],
    &["project", "variables", "list", "-p", "Orders"],
    &["project", "variables", "view", "Ticket", "-p", "Orders"],
    &["channel", "list", "-p", "Orders"],
    &["channel", "view", "Beta", "-p", "Orders"],
    &["release", "list", "-p", "Orders"],
    &["deployment-target", "listening-tentacle", "list"],
    &["deployment-target", "list"],
    &["deployment-target", "view", "web-1"],
    &["tentacle", "versions"],
    &["task", "list"],
    &["task", "view", "TASK"],
    &["task", "watch", "TASK"],
    &["task", "wait", "TASK"],
];

pub(super) fn try_all(stage: &Stage, screen: &Screen, claims: &mut Claims) -> anyhow::Result<()> {
    screen.step("trying every command of octo");
    let tasks = stage.octo.json(&["task", "list", "--state", "success"])?;
    let newest = tasks
        .pointer("/0/Id")
        .or_else(|| tasks.pointer("/Items/0/Id"));
    let newest = newest.and_then(Value::as_str);
    let newest = newest.with_context(|| format!("no task in {tasks}"))?;
    claims.check(
        "each command of octo prints JSON when asked",
        json(stage, newest),
    );
    claims.check(
        "an unknown name is told with those there are",
        unknown(stage),
    );
    Ok(())
}

fn json(stage: &Stage, task: &str) -> anyhow::Result<String> {
    for command in COMMANDS {
        let mut arguments: Vec<&str> = command.to_vec();
        for argument in &mut arguments {
            if *argument == "TASK" {
                *argument = task;
            }
        }
        arguments.extend(["-f", "json"]);
        let output = stage.octo.done(&arguments)?;
        // What goes on for a while prints one value a line.
        let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&output)
            .into_iter()
            .collect();
        let values = values.with_context(|| format!("{}: {output}", command.join(" ")))?;
        ensure!(!values.is_empty(), "{} prints nothing", command.join(" "));
    }
    Ok(format!("{} commands", COMMANDS.len()))
}

fn unknown(stage: &Stage) -> anyhow::Result<String> {
    let said = stage
        .octo
        .run(&["package", "deploy", "Acme.Web", "--environment", "Moon"])?;
    ensure!(!said.succeeded, "it was taken");
    let names = said.errors.contains("Staging") && said.errors.contains("Production");
    ensure!(names, "{}", said.errors);
    Ok(said.errors.lines().next().unwrap_or_default().to_owned())
}
