//! A server, and three machines that register by themselves.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::demo::{claims::Claims, rest::string, screen::Screen, stage::Stage};

/// Name, environment and preferred port of each machine.
const MACHINES: [(&str, &str, u16); 3] = [
    ("web-1", "Staging", 10933),
    ("web-2", "Production", 10934),
    ("web-3", "Production", 10935),
];

pub(super) fn start(stage: &mut Stage, screen: &Screen, claims: &mut Claims) -> anyhow::Result<()> {
    screen.step("starting octopus 1.0.0");
    stage.start_server(screen, "1.0.0")?;
    screen.say(&stage.how_to_sign_in());
    claims.check("nobody gets in without a key", strangers(stage));
    for environment in ["Staging", "Production"] {
        stage
            .octo
            .done(&["environment", "create", "--name", environment])?;
    }
    for (name, environment, port) in MACHINES {
        stage.install(name, environment, port)?;
    }
    screen.step("three Suction Cups install their bundle, and their Tentacles register");
    let patience = Duration::from_secs(60);
    let waited = screen.wait_for("three healthy machines", patience, || {
        versions(stage, "1.0.0")
    });
    claims.check("three Tentacles 1.0.0 registered and are healthy", waited);
    let running = screen.wait_for("each Tentacle runs from its folder", patience, || {
        all_run(stage, "1.0.0")
    });
    claims.check(
        "each is the child of its Suction Cup, run from versions/1.0.0",
        running,
    );
    claims.check(
        "the API key of the installer is gone from disk",
        keys_gone(stage),
    );
    screen.say("three machines are healthy with Tentacle 1.0.0");
    Ok(())
}

fn strangers(stage: &Stage) -> anyhow::Result<String> {
    let nobody = crate::demo::rest::Rest::new(stage.address()?, "API-WRONG");
    let Err(error) = nobody.machines() else {
        anyhow::bail!("a wrong key was taken");
    };
    let text = error.to_string();
    ensure!(text.contains("401"), "{text}");
    Ok("401 for a wrong key".to_owned())
}

/// Every machine healthy with this version, by what the server says.
pub(super) fn versions(stage: &Stage, version: &str) -> anyhow::Result<String> {
    let machines = stage.rest.machines()?;
    ensure!(
        machines.len() == MACHINES.len(),
        "{} machines",
        machines.len()
    );
    for machine in &machines {
        let health = string(machine, "HealthStatus").unwrap_or_default();
        let running = running(machine);
        ensure!(
            health == "Healthy" && running == version,
            "{health} {running}"
        );
    }
    Ok(format!("the server says {version} for {}", machines.len()))
}

fn running(machine: &Value) -> String {
    string(machine, "Endpoint/TentacleVersionDetails/Version").unwrap_or_default()
}

/// Every machine runs this version, by the executable of the running process.
pub(super) fn all_run(stage: &Stage, version: &str) -> anyhow::Result<String> {
    let mut ids = Vec::new();
    for machine in &stage.machines {
        let running = machine.running_version()?;
        ensure!(running == version, "{} runs {running}", machine.name);
        ids.push(machine.tentacle()?.0.to_string());
    }
    Ok(format!("pids {}", ids.join(", ")))
}

fn keys_gone(stage: &Stage) -> anyhow::Result<String> {
    for machine in &stage.machines {
        let file = machine.home.join("config/register.json");
        ensure!(!file.exists(), "{} is there", file.display());
    }
    Ok("no register.json".to_owned())
}

/// What a machine's own ledger says of a version, by `suction-cup status --json`.
pub(super) fn standing(stage: &Stage, machine: usize, version: &str) -> anyhow::Result<Value> {
    let machine = stage.machines.get(machine).context("no such machine")?;
    let status = machine.status()?;
    let versions = status.get("versions").and_then(Value::as_array);
    let versions = versions.context("status without versions")?;
    let found = versions
        .iter()
        .find(|entry| string(entry, "version").as_deref() == Some(version));
    found
        .cloned()
        .with_context(|| format!("{} knows no {version}: {status}", machine.name))
}
