//! Processor time that deployments cost the server: all are queued at once, for one machine
//! with a real Tentacle.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{
    report::{Figure, Report},
    stage::{self, Stage},
};
use crate::{
    bench::process::Process,
    programs::{self, Target},
};

/// Machines of one deployment. What one costs must not grow with their number.
const MACHINES: [u32; 2] = [200, 2000];

const PATIENCE: Duration = Duration::from_secs(900);

pub(super) fn measure(stage: &Stage, count: u32, report: &mut Report) -> anyhow::Result<()> {
    eprintln!("building Tentacle");
    let program = stage.folder.join("tentacle");
    programs::build(Target::Program("tentacle"), "1.0.0", &program)?;
    stage.post("/api/Spaces-1/environments", &json!({ "Name": "Bench" }))?;
    stage.push(&stage::package("Acme.Small", "1.0.0", 1000)?)?;
    let _tentacle = tentacle(stage, &program)?;
    let begun = Instant::now();
    while !is_healthy(stage)? {
        ensure!(begun.elapsed() < PATIENCE, "the Tentacle is not healthy");
        thread::sleep(Duration::from_millis(100));
    }
    eprintln!("{count} deployments");
    let before = stage.processor_time()?;
    let order = json!({
        "Name": "DeployPackage",
        "Arguments": { "PackageId": "Acme.Small", "EnvironmentIds": ["Bench"] },
    });
    let begun = Instant::now();
    for _ in 0..count {
        stage.post("/api/Spaces-1/tasks", &order)?;
    }
    loop {
        let done = ended(stage, "Success")?;
        let failed = ended(stage, "Failed")?;
        ensure!(failed == 0, "{failed} deployments failed: {}", why(stage)?);
        if done >= u64::from(count) {
            break;
        }
        ensure!(begun.elapsed() < PATIENCE, "{done} of {count} have ended");
        thread::sleep(Duration::from_secs(1));
    }
    let each = (stage.processor_time()? - before) / f64::from(count);
    let seconds = begun.elapsed().as_secs_f64();
    report.add(Figure::anchor(
        "all deployments queued at once",
        "s",
        seconds,
    ));
    report.add(Figure::at_most("processor time of each", "ms", each, 5.0));
    for machines in MACHINES {
        eprintln!("one deployment to {machines} machines");
        let each = of_many(stage, machines)?;
        let name = format!("processor time for each of {machines} machines");
        report.add(Figure::at_most(&name, "ms", each, 5.0));
    }
    Ok(())
}

/// Processor time for each machine of one deployment to many, in milliseconds. They are one
/// Tentacle under many names: what it does is not measured.
fn of_many(stage: &Stage, machines: u32) -> anyhow::Result<f64> {
    let all = stage.get("/api/Spaces-1/machines/all")?;
    let endpoint = &all[0]["Endpoint"];
    ensure!(endpoint["Uri"].is_string(), "no machine: {all}");
    let name = format!("Many {machines}");
    let environment = stage.post("/api/Spaces-1/environments", &json!({ "Name": name }))?;
    let environment = &environment["Id"];
    for number in 0..machines {
        let machine = json!({
            "Name": format!("many-{machines}-{number}"),
            "EnvironmentIds": [environment],
            "Roles": ["web-server"],
            "Endpoint": endpoint,
        });
        stage.post("/api/Spaces-1/machines", &machine)?;
    }
    let release = release(stage, &name)?;
    let order = json!({ "ReleaseId": release, "EnvironmentId": environment });
    let before = stage.processor_time()?;
    let made = stage.post("/api/Spaces-1/deployments", &order)?;
    let task = made["TaskId"].as_str().context("no task")?.to_owned();
    let begun = Instant::now();
    let task = loop {
        let task = stage.get(&format!("/api/Spaces-1/tasks/{task}"))?;
        if task["IsCompleted"] == true {
            break task;
        }
        ensure!(begun.elapsed() < PATIENCE, "it has not ended: {task}");
        thread::sleep(Duration::from_millis(500));
    };
    ensure!(
        task["State"] == "Success",
        "the deployment failed: {}",
        task["ErrorMessage"]
    );
    Ok((stage.processor_time()? - before) / f64::from(machines))
}

/// A release of a new project that runs a script on every machine.
fn release(stage: &Stage, name: &str) -> anyhow::Result<Value> {
    let group = first(stage, "/api/Spaces-1/projectgroups/all")?;
    let lifecycle = first(stage, "/api/Spaces-1/lifecycles/all")?;
    let project = json!({ "Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle });
    let project = stage.post("/api/Spaces-1/projects", &project)?["Id"].clone();
    let id = project.as_str().context("no project")?;
    let path = format!("/api/Spaces-1/projects/{id}/deploymentprocesses");
    let mut process = stage.get(&path)?;
    process["Steps"] = json!([{
        "Name": "Say",
        "Properties": { "Octopus.Action.TargetRoles": "web-server" },
        "Actions": [{
            "Name": "Say",
            "ActionType": "Octopus.Script",
            "Properties": { "Octopus.Action.Script.ScriptBody": "echo done" },
        }],
    }]);
    stage.put(&path, &process)?;
    let new = json!({ "ProjectId": project, "Version": "1.0.0" });
    let made = stage.post("/api/Spaces-1/releases", &new)?;
    Ok(made["Id"].clone())
}

fn first(stage: &Stage, path: &str) -> anyhow::Result<Value> {
    let id = stage.get(path)?[0]["Id"].clone();
    ensure!(id.is_string(), "{path} has nothing");
    Ok(id)
}

fn ended(stage: &Stage, state: &str) -> anyhow::Result<u64> {
    let page = stage.get(&format!("/api/Spaces-1/tasks?states={state}&take=1"))?;
    page["TotalResults"].as_u64().context("no TotalResults")
}

/// What the first of the failed tasks says.
fn why(stage: &Stage) -> anyhow::Result<String> {
    let page = stage.get("/api/Spaces-1/tasks?states=Failed&take=1")?;
    let task = &page["Items"][0];
    let id = task["Id"].as_str().context("no Id")?;
    let log = stage.get(&format!("/api/Spaces-1/tasks/{id}/details"))?;
    Ok(format!("{} {log}", task["ErrorMessage"]))
}

fn is_healthy(stage: &Stage) -> anyhow::Result<bool> {
    let machines = stage.get("/api/Spaces-1/machines/all")?;
    let machines = machines.as_array().context("no list of machines")?;
    let mut health = machines.iter().map(|machine| &machine["HealthStatus"]);
    Ok(health.next() == Some(&Value::from("Healthy")))
}

/// A Tentacle without a supervisor, which it does not need to work.
fn tentacle(stage: &Stage, program: &Path) -> anyhow::Result<Process> {
    let home = stage.folder.join("home");
    let config = home.join("config");
    fs::create_dir_all(&config)?;
    let settings = json!({ "port": stage::free_port()?, "listen_address": "127.0.0.1" });
    fs::write(config.join("tentacle.json"), settings.to_string())?;
    let registration = json!({
        "server": stage.url,
        "api_key": stage.key,
        "environments": ["Bench"],
        "roles": ["web-server"],
        "name": "bench",
        "public_host_name": "127.0.0.1",
    });
    fs::write(config.join("register.json"), registration.to_string())?;
    let mut command = Command::new(program);
    command.args(["agent", "--home"]).arg(&home);
    Process::start(&command, &stage.folder.join("tentacle.log"), program)
}
