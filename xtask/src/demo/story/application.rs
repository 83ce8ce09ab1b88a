//! A real application package: pushed, deployed to both environments, looked at on disk.

use std::fs;

use anyhow::{Context, bail, ensure};

use crate::demo::{
    claims::Claims, machine::Machine, packing, rest::string, screen::Screen, server::PASSWORD,
    stage::Stage,
};

/// A sensitive value that the package's script prints.
const SECRET: &str = "correct-horse-battery-staple";

pub(super) fn deploy(
    stage: &mut Stage,
    screen: &Screen,
    claims: &mut Claims,
) -> anyhow::Result<()> {
    screen.step("packing, pushing and deploying Acme.Web 1.2.0");
    let package = packing::application(&stage.octo, &stage.folder, "1.2.0")?;
    let file = package.to_str().context("a path is no text")?;
    stage.octo.done(&["package", "upload", "--package", file])?;
    claims.check("the package is in the feed", in_feed(stage));
    let task = run(stage, &[])?;
    claims.check(
        "the deployment to both environments succeeded",
        succeeded(stage, &task),
    );
    for machine in &stage.machines {
        let claim = format!(
            "{} has files, configuration and scripts' marks",
            machine.name
        );
        claims.check(&claim, on_disk(machine, "1.2.0"));
    }
    claims.check(
        "the log of each step is readable by octo",
        steps(stage, &task),
    );
    claims.check(
        "a printed secret is masked in the log",
        masked(stage, &task),
    );
    claims.check(
        "the portal shows the task with its log",
        in_portal(stage, &task),
    );
    let again = run(stage, &[])?;
    claims.check(
        "a second deployment is installed side by side",
        side_by_side(stage, &again),
    );
    screen.say("Acme.Web 1.2.0 is deployed to both environments");
    Ok(())
}

/// Deploys to both environments, and gives the task's id.
fn run(stage: &Stage, more: &[&str]) -> anyhow::Result<String> {
    let secret = format!("Database.Password:{SECRET}");
    let mut arguments = vec![
        "package",
        "deploy",
        "Acme.Web",
        "--version",
        "1.2.0",
        "--environment",
        "Staging",
        "--environment",
        "Production",
        "--variable",
        "Greeting:Hello #{Octopus.Environment.Name}",
        "--variable",
        "Shop:Server=db-#{Octopus.Environment.Name | ToLower}",
        "--variable",
        "Database.Host:db-1",
        "--variable",
        "Octopus.Action.SubstituteInFiles.TargetFiles:config/*.conf",
        "--sensitive-variable",
        &secret,
    ];
    arguments.extend(more);
    let task = stage.octo.json(&arguments)?;
    string(&task, "Id").with_context(|| format!("no task id in {task}"))
}

fn in_feed(stage: &Stage) -> anyhow::Result<String> {
    let packages = stage
        .octo
        .done(&["package", "versions", "--package", "Acme.Web"])?;
    ensure!(packages.contains("1.2.0"), "octo prints {packages}");
    Ok("octo package versions lists 1.2.0".to_owned())
}

pub(super) fn succeeded(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let resource = stage.rest.task(task)?;
    let state = string(&resource, "State").unwrap_or_default();
    ensure!(
        state == "Success",
        "{state}: {:?}",
        string(&resource, "ErrorMessage")
    );
    let duration = string(&resource, "Duration").unwrap_or_default();
    Ok(format!("{task}: {state} after {duration}"))
}

fn on_disk(machine: &Machine, version: &str) -> anyhow::Result<String> {
    let folder = machine.application(version);
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("{}", path.display()))
    };
    let environment = machine.environment;
    let holds = |name: &str, part: String| -> anyhow::Result<()> {
        let text = read(name)?;
        ensure!(text.contains(&part), "{name} has no `{part}`: {text}");
        Ok(())
    };
    holds("Acme.Web.config", format!("value=\"Hello {environment}\""))?;
    holds("Acme.Web.config", "value=\"stays\"".to_owned())?;
    holds(
        "Acme.Web.config",
        format!(
            "connectionString=\"Server=db-{}\"",
            environment.to_lowercase()
        ),
    )?;
    holds("Acme.Web.config", "<!-- The agent sets".to_owned())?;
    holds(
        "config/settings.conf",
        format!("environment = {environment}\nmachine = {}\n", machine.name),
    )?;
    holds("config/settings.conf", "database = DB-1".to_owned())?;
    holds("index.html", "Acme sells everything".to_owned())?;
    let stages = read("stages.txt")?;
    ensure!(
        stages == "PreDeploy\nDeploy\nPostDeploy\n",
        "scripts ran as {stages:?}"
    );
    for script in ["PreDeploy.sh", "Deploy.sh", "PostDeploy.sh"] {
        ensure!(!folder.join(script).exists(), "{script} is still there");
    }
    Ok(format!("Applications/{environment}/Acme.Web/{version}"))
}

fn steps(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let log = stage.octo.done(&["task", "watch", task])?;
    for line in [
        "Preparing Acme.Web for Staging",
        "Acme.Web is live in Production",
        "Checked the site",
    ] {
        ensure!(log.contains(line), "no line `{line}` in {log}");
    }
    Ok(format!(
        "octo task watch prints {} lines",
        log.lines().count()
    ))
}

/// The server's log by every way to it, and what each program wrote beside it.
fn masked(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let lines = stage.rest.log(task)?;
    let texts: Vec<&str> = lines.iter().map(|[_, _, text]| text.as_str()).collect();
    let address = stage.address()?;
    let portal = crate::demo::portal::Portal::sign_in(address, "admin", PASSWORD)?;
    let mut places = vec![
        ("the log by REST".to_owned(), texts.join("\n")),
        (
            "octo".to_owned(),
            stage.octo.done(&["task", "watch", task])?,
        ),
        (
            "the portal".to_owned(),
            portal.page(&format!("/tasks/{task}"))?,
        ),
    ];
    for folder in [stage.folder.clone(), stage.folder.join("machines")] {
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "log") {
                places.push((path.display().to_string(), fs::read_to_string(&path)?));
            }
        }
    }
    if let Some(place) = leak(&places) {
        bail!("{place} shows it");
    }
    let masked = texts.iter().filter(|text| **text == "The password is ****");
    let (masked, printed) = (masked.count(), 4 * stage.machines.len());
    ensure!(masked == printed, "{masked} of {printed} lines are masked");
    Ok(format!("{masked} lines show ****"))
}

/// Where the secret can be read.
fn leak(places: &[(String, String)]) -> Option<&str> {
    let found = places.iter().find(|(_, text)| text.contains(SECRET));
    found.map(|(place, _)| place.as_str())
}

fn in_portal(stage: &Stage, task: &str) -> anyhow::Result<String> {
    let address = stage.address()?;
    let portal = crate::demo::portal::Portal::sign_in(address, "admin", PASSWORD)?;
    let html = portal.page(&format!("/tasks/{task}"))?;
    for part in [
        "Deploy Acme.Web 1.2.0",
        "Preparing Acme.Web for Staging",
        "web-3",
        "PostDeploy",
    ] {
        ensure!(html.contains(part), "the page has no `{part}`");
    }
    let list = portal.page("/packages")?;
    ensure!(
        list.contains("Acme.Web"),
        "the Packages page has no Acme.Web"
    );
    Ok(format!("/tasks/{task} and /packages"))
}

fn side_by_side(stage: &Stage, task: &str) -> anyhow::Result<String> {
    succeeded(stage, task)?;
    for machine in &stage.machines {
        on_disk(machine, "1.2.0")?;
        on_disk(machine, "1.2.0_1")?;
    }
    Ok("1.2.0 and 1.2.0_1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{SECRET, leak};

    #[test]
    fn a_planted_leak_is_found() {
        let place = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let mut places = vec![
            place("a", "The password is ****"),
            place("b", "correct-horse"),
        ];
        assert_eq!(leak(&places), None);
        places.push(place("c", &format!("The password is {SECRET}.")));
        assert_eq!(leak(&places), Some("c"));
    }
}
