//! A project from its space to its log, by `octo` but for its process, which a program writes.

use anyhow::{Context, ensure};
use serde_json::json;

use super::application::succeeded;
use crate::demo::{claims::Claims, rest::string, screen::Screen, stage::Stage};

const PROJECT: &str = "Orders";

pub(super) fn release(stage: &Stage, screen: &Screen, claims: &mut Claims) -> anyhow::Result<()> {
    screen.step("making a project, a release of it, and deploying that");
    claims.check("a space comes and goes", space(stage));
    project(stage)?;
    claims.check("a release deploys what is in the feed", deploy(stage));
    claims.check("a copy of the project has its variables", copy(stage));
    claims.check(
        "a release that is gone is told with those there are",
        delete(stage),
    );
    Ok(())
}

fn space(stage: &Stage) -> anyhow::Result<String> {
    let octo = &stage.octo;
    octo.done(&["space", "create", "--name", "Shop"])?;
    octo.done(&["environment", "create", "--name", "Test", "-s", "Shop"])?;
    let here = octo.done(&["environment", "list", "-s", "Shop", "-f", "basic"])?;
    ensure!(here == "Test\n", "the new space has {here}");
    let elsewhere = octo.done(&["environment", "list", "-f", "basic"])?;
    ensure!(!elsewhere.contains("Test"), "it is everywhere: {elsewhere}");
    let full = octo.run(&["space", "delete", "Shop", "-y"])?;
    ensure!(!full.succeeded, "a space that holds something went");
    octo.done(&["environment", "delete", "Test", "-y", "-s", "Shop"])?;
    octo.done(&["space", "delete", "Shop", "-y"])?;
    Ok("its environment is in no other space".to_owned())
}

fn project(stage: &Stage) -> anyhow::Result<()> {
    let octo = &stage.octo;
    octo.done(&["project-group", "create", "--name", "Demo"])?;
    octo.done(&["project", "create", "--name", PROJECT, "--group", "Demo"])?;
    octo.done(&["channel", "create", "--project", PROJECT, "--name", "Beta"])?;
    let variables = ["project", "variables", "create", "--project", PROJECT];
    let create = |more: &[&str]| octo.done(&[&variables, more].concat());
    create(&[
        "--name",
        "Greeting",
        "--value",
        "Welcome",
        "--environment-scope",
        "Staging",
    ])?;
    create(&["--name", "Greeting", "--value", "Hello"])?;
    create(&[
        "--name",
        "Secret",
        "--value",
        "hunter2",
        "--type",
        "sensitive",
    ])?;
    create(&[
        "--name",
        "Ticket",
        "--prompted",
        "--prompt-label",
        "Number of the ticket",
    ])?;
    let list = octo.done(&["project", "variables", "list", "--project", PROJECT])?;
    ensure!(!list.contains("hunter2"), "a secret is shown: {list}");
    stage.rest.put(
        &format!("/api/Spaces-1/projects/{PROJECT}/deploymentprocesses"),
        &json!({ "Steps": [{
            "Name": "Deploy web",
            "Properties": { "Octopus.Action.TargetRoles": "web-server" },
            "Actions": [{
                "Name": "Deploy web", "ActionType": "Octopus.TentaclePackage",
                "Packages": [{ "PackageId": "Acme.Web" }],
            }],
        }] }),
    )
}

fn deploy(stage: &Stage) -> anyhow::Result<String> {
    let octo = &stage.octo;
    let package = "Deploy web:1.2.0";
    let made = octo.json(&[
        "release",
        "create",
        "--project",
        PROJECT,
        "--version",
        "1.0.0",
        "--package",
        package,
    ])?;
    ensure!(
        string(&made, "ReleaseVersion").as_deref() == Some("1.0.0"),
        "{made}"
    );
    let tasks = octo.done(&[
        "release",
        "deploy",
        "--project",
        PROJECT,
        "--version",
        "1.0.0",
        "--environment",
        "Staging",
        "--variable",
        "Number of the ticket:CHG-7",
        "-f",
        "basic",
    ])?;
    let task = tasks.trim();
    octo.done(&["task", "wait", task, "--poll-interval", "1", "--progress"])?;
    let log = octo.done(&["task", "watch", task])?;
    ensure!(
        log.contains("Acme.Web 1.2.0 is installed"),
        "the log says {log}"
    );
    succeeded(stage, task)
}

fn copy(stage: &Stage) -> anyhow::Result<String> {
    let octo = &stage.octo;
    octo.done(&["project", "clone", PROJECT, "--name", "Payments"])?;
    let of = |project| octo.done(&["project", "variables", "list", "-p", project, "-f", "basic"]);
    let (own, copied) = (of(PROJECT)?, of("Payments")?);
    ensure!(own == copied, "{own} became {copied}");
    octo.done(&["project", "delete", "Payments", "-y"])?;
    Ok(format!("{} values", copied.lines().count()))
}

fn delete(stage: &Stage) -> anyhow::Result<String> {
    let said = stage.octo.run(&[
        "release",
        "delete",
        "--project",
        PROJECT,
        "--version",
        "1.0.1",
        "-y",
    ])?;
    ensure!(
        !said.succeeded && said.errors.contains("1.0.0"),
        "{}",
        said.errors
    );
    let hint = said.errors.lines().last().context("no hint")?;
    Ok(hint.to_owned())
}
