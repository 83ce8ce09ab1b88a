//! Scripts on the server itself: what they get and leave, and what becomes of them when it is killed.

use std::{fs, path::Path};

use api::TaskState;
use serde_json::{Value, json};

use crate::{
    agent::say,
    configuration::put,
    deployments::{deploy, release, script, step},
    wait,
    world::World,
};

/// A step that runs a script on the server.
fn on_server(name: &str, body: &str) -> Value {
    let mut step = step(
        name,
        "Success",
        json!({
            "ActionType": "Octopus.Script",
            "Properties": {
                "Octopus.Action.RunOnServer": "True",
                "Octopus.Action.Script.Syntax": "Bash",
                "Octopus.Action.Script.ScriptBody": body,
            },
        }),
    );
    step["Properties"] = json!({});
    step
}

/// Notes each of its runs, and waits until the gate is there, or nobody waits for it any more.
fn waiting(folder: &Path) -> String {
    let (runs, gate) = (folder.join("runs"), folder.join("gate"));
    let (runs, gate) = (runs.display(), gate.display());
    format!(
        "echo run >> '{runs}'\necho begun\nwhile [ -e '{runs}' ] && [ ! -e '{gate}' ]; do sleep 0.05; done\n"
    )
}

fn runs(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("runs")).unwrap_or_default();
    text.lines().count()
}

#[test]
fn a_script_on_the_server_gets_variables_and_leaves_some_and_files() {
    let world = World::set_to(&[("OCTOPUS_ADMIN_PASSWORD", "not for scripts")]);
    let agent = world.agent("web-1");
    let body = "echo hello from #{Octopus.Environment.Name}\n\
        echo password=$OCTOPUS_ADMIN_PASSWORD.\n\
        set_octopusvariable Answer 42\n\
        set_octopusvariable Secret s3cr3t -sensitive\n\
        echo the secret is s3cr3t\n\
        echo kept > kept.txt\nnew_octopusartifact kept.txt\n";
    let steps = [
        on_server("On the server", body),
        step("On machines", "Success", script()),
    ];
    let task = deploy(&world, &release(&world, &steps));
    world.ends(&task, TaskState::Success);
    let log = world.texts(&task).join("\n");
    for words in ["hello from Test", "password=.", "the secret is ***"] {
        assert!(log.contains(words), "{words}: {log}");
    }
    assert!(!log.contains("s3cr3t"), "{log}");
    let order = agent.edit(|state| state.orders.last().unwrap().clone());
    let name = "Octopus.Action[On the server].Output.Answer";
    let answer = order.iter().find(|variable| variable.name == name);
    assert_eq!(answer.unwrap().value, "42");
    let path = format!("/api/Spaces-1/artifacts?regarding={task}");
    let kept = world.http.get(&path).expect(200);
    assert_eq!(kept["Items"][0]["Filename"], json!("kept.txt"));
    let details = world
        .http
        .get(&format!("/api/Spaces-1/tasks/{task}/details"));
    let first = details.expect(200)["ActivityLogs"][0]["Children"][0].clone();
    assert_eq!(first["Children"][0]["Name"], json!("Octopus Server"));
    assert!(first.to_string().contains("hello from Test"), "{first}");
}

#[test]
fn a_script_that_fails_or_is_cancelled_ends_so() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let failing = deploy(&world, &release(&world, &[on_server("A", "exit 7")]));
    let error = world.ends(&failing, TaskState::Failed);
    assert_eq!(error, "Octopus Server: the script ended with exit code 7");
    let steps = json!({ "Steps": [on_server("A", &waiting(folder.path()))] });
    let process = "/api/Spaces-1/projects/web/deploymentprocesses";
    put(&world.http, process, &steps).expect(200);
    let new = json!({ "ProjectId": "web", "Version": "2.0.0" });
    let made = world.http.post("/api/Spaces-1/releases", &new).expect(201);
    let task = deploy(&world, made["Id"].as_str().unwrap());
    world.wait_line(&task, "begun");
    world.cancel(&task);
    world.ends(&task, TaskState::Canceled);
    assert_eq!(runs(folder.path()), 1);
}

#[test]
fn a_script_does_not_run_twice_when_the_server_is_killed_in_the_middle() {
    let mut world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let steps = [on_server("A", &waiting(folder.path()))];
    let task = deploy(&world, &release(&world, &steps));
    world.wait_line(&task, "begun");
    world.kill();
    world.start();
    let error = world.ends(&task, TaskState::Failed);
    fs::write(folder.path().join("gate"), "").unwrap();
    assert!(error.contains("so it was not run again"), "{error}");
    assert_eq!(runs(folder.path()), 1);
}

#[test]
fn a_script_that_may_run_again_does_so() {
    let mut world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let mut step = on_server("A", &waiting(folder.path()));
    step["Actions"][0]["Properties"]["Octopus.Action.Script.Idempotent"] = json!("True");
    let task = deploy(&world, &release(&world, &[step]));
    world.wait_line(&task, "begun");
    world.kill();
    fs::write(folder.path().join("gate"), "").unwrap();
    world.start();
    world.ends(&task, TaskState::Success);
    assert_eq!(runs(folder.path()), 2);
}

#[test]
fn so_many_tasks_as_the_cap_says_are_worked_on_and_people_take_no_place() {
    let world = World::set_to(&[("OCTOPUS_TASK_CAP", "1")]);
    let agent = world.agent("web-1");
    let folder = tempfile::tempdir().unwrap();
    let steps = [
        crate::interruptions::manual("Look"),
        on_server("A", &waiting(folder.path())),
    ];
    let deployment = deploy(&world, &release(&world, &steps));
    let question = crate::interruptions::asked(&world, &deployment);
    // It waits for a person: others go on.
    let other = world.deploy_again();
    world.ends(&other, TaskState::Success);
    crate::interruptions::answer(&world, &question, "Proceed", "");
    world.wait_line(&deployment, "begun");
    agent.script(vec![say("ends")]);
    let waiting = world.deploy_again();
    let check = world.order(&json!({ "Name": "Health" }));
    world.ends(&check, TaskState::Success);
    assert_eq!(world.task(&waiting).state, TaskState::Queued);
    fs::write(folder.path().join("gate"), "").unwrap();
    world.ends(&deployment, TaskState::Success);
    world.ends(&waiting, TaskState::Success);
}

#[test]
fn a_server_that_ends_in_order_ends_its_scripts() {
    let mut world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let steps = [on_server("A", &waiting(folder.path()))];
    let task = deploy(&world, &release(&world, &steps));
    world.wait_line(&task, "begun");
    world.server.take().unwrap().told_to_end();
    world.start();
    let error = world.ends(&task, TaskState::Failed);
    assert!(error.contains("The server was told to end"), "{error}");
    wait::until_is("it ran once", || runs(folder.path()) == 1);
}
