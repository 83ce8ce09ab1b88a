//! Deployments of releases: order of steps, failure, cancelling, turns, and a killed server.

use api::TaskState;
use serde_json::{Value, json};

use crate::{
    agent::{Agent, Step},
    configuration::{id, project, put},
    packages,
    world::{PACKAGE, World},
};

const API: &str = "/api/Spaces-1";

/// A step on the machines with the role `web`.
pub(crate) fn step(name: &str, condition: &str, action: Value) -> Value {
    let mut action = action;
    action["Name"] = json!(name);
    json!({
        "Name": name,
        "Condition": condition,
        "Properties": { "Octopus.Action.TargetRoles": "web" },
        "Actions": [action],
    })
}

pub(crate) fn package() -> Value {
    json!({ "ActionType": "Octopus.TentaclePackage", "Packages": [{ "PackageId": PACKAGE }] })
}

pub(crate) fn script() -> Value {
    json!({
        "ActionType": "Octopus.Script",
        "Properties": { "Octopus.Action.Script.ScriptBody": "echo hello" },
    })
}

/// A project with these steps, and its release 1.0.0; gives the release.
pub(crate) fn release(world: &World, steps: &[Value]) -> String {
    world.push(&packages::package(PACKAGE, "1.0.0", 2000, 1));
    release_of(world, steps)
}

/// The same, of what was pushed.
pub(crate) fn release_of(world: &World, steps: &[Value]) -> String {
    let project = id(&project(&world.http, "Web"));
    let process = format!("{API}/projects/{project}/deploymentprocesses");
    put(&world.http, &process, &json!({ "Steps": steps })).expect(200);
    let new = json!({ "ProjectId": project, "Version": "1.0.0" });
    id(&world
        .http
        .post(&format!("{API}/releases"), &new)
        .expect(201))
}

/// Deploys a release; gives the task.
#[track_caller]
pub(crate) fn deploy(world: &World, release: &str) -> String {
    let new = json!({ "ReleaseId": release, "EnvironmentId": "Environments-1" });
    let made = world
        .http
        .post(&format!("{API}/deployments"), &new)
        .expect(201);
    made["TaskId"].as_str().unwrap().to_owned()
}

/// Names and states of the steps in a task's log.
fn steps_of(world: &World, task: &str) -> Vec<(String, String)> {
    let details = world
        .http
        .get(&format!("{API}/tasks/{task}/details"))
        .expect(200);
    let steps = details["ActivityLogs"][0]["Children"]
        .as_array()
        .unwrap()
        .clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    steps
        .iter()
        .map(|step| (text(&step["Name"]), text(&step["Status"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn steps_run_once_on_each_machine_and_in_order() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    let release = release(
        &world,
        &[
            step("First", "Success", package()),
            step("Second", "Success", script()),
            step("If failed", "Failure", script()),
        ],
    );
    let task = deploy(&world, &release);
    world.ends(&task, TaskState::Success);
    assert_eq!((one.runs(), two.runs()), (vec![1, 1], vec![1, 1]));
    let expected = pairs(&[
        ("First", "Success"),
        ("Second", "Success"),
        ("If failed", "Skipped"),
    ]);
    assert_eq!(steps_of(&world, &task), expected);
    let log = world.texts(&task).join("\n");
    assert!(
        log.contains("Left out: the condition of its step does not hold."),
        "{log}"
    );
}

#[test]
fn after_a_failure_only_the_steps_for_it_run() {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![Step::Fail("it broke")]);
    let release = release(
        &world,
        &[
            step("First", "Success", package()),
            step("Second", "Success", script()),
            step("If failed", "Failure", script()),
        ],
    );
    let task = deploy(&world, &release);
    let error = world.ends(&task, TaskState::Failed);
    assert_eq!(error, "web-1: it broke");
    // The first step, and the one for failures.
    assert_eq!(agent.runs(), [1, 1]);
}

/// Wherever the server is killed, no part is done twice, and none is left out.
#[test]
fn a_killed_server_goes_on_where_it_was() {
    let mut world = World::new();
    let agent = world.agent("web-1");
    agent.script(vec![Step::Say("begun".to_owned()), Step::Gate(1)]);
    let release = release(
        &world,
        &[
            step("First", "Success", package()),
            step("Second", "Success", script()),
        ],
    );
    let task = deploy(&world, &release);
    agent.wait("the first part runs", |state| state.running() == 1);
    world.kill();
    agent.open_gate(1);
    world.start();
    world.ends(&task, TaskState::Success);
    assert_eq!(agent.runs(), [1, 1]);
}

#[test]
fn deployments_of_one_project_take_turns_and_can_be_cancelled() {
    let world = World::new();
    let agent: Agent = world.agent("web-1");
    agent.script(vec![Step::Gate(1)]);
    let release = release(
        &world,
        &[
            step("First", "Success", script()),
            step("Second", "Success", script()),
        ],
    );
    let (first, second) = (deploy(&world, &release), deploy(&world, &release));
    agent.wait("the first part runs", |state| state.running() == 1);
    assert_eq!(world.task(&second).state, TaskState::Queued);
    world.cancel(&first);
    world.ends(&first, TaskState::Canceled);
    agent.open_gate(1);
    world.ends(&second, TaskState::Success);
    // One part of the cancelled one, both of the other.
    assert_eq!(agent.runs(), [1, 1, 1]);
    assert_eq!(agent.edit(|state| state.most_at_once), 1);
}

#[test]
fn what_can_not_be_deployed_is_refused_with_the_reason() {
    let world = World::new();
    let release = release(&world, &[step("First", "Success", package())]);
    let post = |path: &str, body: Value| world.http.post(&format!("{API}/{path}"), &body);
    for (path, body, words) in [
        (
            "deployments",
            json!({ "ReleaseId": "Releases-99" }),
            "2 mistakes",
        ),
        (
            "deployments",
            json!({ "ReleaseId": release, "EnvironmentId": "Test", "FormValues": { "x": "y" } }),
            "FormValues `x`",
        ),
        (
            "deployments",
            json!({ "ReleaseId": release, "EnvironmentId": "Test", "SpecificMachineIds": ["m"] }),
            "SpecificMachineIds `m`",
        ),
        (
            "deployments",
            json!({ "ReleaseId": release, "EnvironmentId": "Test", "QueueTime": "soon" }),
            "QueueTime `soon`",
        ),
        (
            "releases",
            json!({ "ProjectId": "Projects-99" }),
            "ProjectId `Projects-99`",
        ),
        (
            "releases",
            json!({ "ProjectId": "web", "Version": "x" }),
            "Version `x`",
        ),
        (
            "releases",
            json!({ "ProjectId": "web", "ChannelId": "c" }),
            "ChannelId `c`",
        ),
        (
            "releases",
            json!({ "ProjectId": "web", "SelectedPackages": [{ "ActionName": "First", "Version": "7.0.0" }] }),
            "7.0.0",
        ),
        ("tasks", json!({ "Name": "Deploy" }), "/deployments"),
    ] {
        let text = body.to_string();
        let message = post(path, body).refusal(400);
        assert!(message.contains(words), "{path} {text}: {message}");
    }
    // No machine has the role: the task says so.
    let task = deploy(&world, &release);
    assert!(
        world
            .ends(&task, TaskState::Failed)
            .contains("finds no machine")
    );
}

#[test]
fn packages_go_again_to_who_has_them_when_that_is_forced() {
    let world = World::new();
    let agent = world.agent("web-1");
    let release = release(&world, &[step("First", "Success", package())]);
    let sent = || agent.edit(|state| std::mem::take(&mut state.transfers));
    world.ends(&deploy(&world, &release), TaskState::Success);
    let first = sent();
    assert_eq!((first.len(), first[0].0), (1, 0));
    world.ends(&deploy(&world, &release), TaskState::Success);
    assert_eq!(sent(), []);
    let forced = json!({
        "ReleaseId": release, "EnvironmentId": "Environments-1", "ForcePackageDownload": true,
    });
    let made = world.http.post(&format!("{API}/deployments"), &forced);
    let made = made.expect(201);
    assert_eq!(made["ForcePackageDownload"], true);
    world.ends(made["TaskId"].as_str().unwrap(), TaskState::Success);
    assert_eq!(sent(), first);
    let by_name = json!({
        "ProjectName": "Web", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Test"],
        "ForcePackageDownload": true,
    });
    let path = format!("{API}/deployments/create/untenanted/v1");
    let made = world.http.post(&path, &by_name).expect(201);
    let task = &made["DeploymentServerTasks"][0]["ServerTaskId"];
    world.ends(task.as_str().unwrap(), TaskState::Success);
    assert_eq!(sent(), first);
}

/// The page of a release says where it may go, and its buttons deploy there.
#[test]
fn a_release_is_deployed_from_its_page() {
    let world = World::new();
    let agent = world.agent("web-1");
    let release = release(&world, &[step("Install", "Success", package())]);
    let page = || String::from_utf8(world.http.bytes(&format!("/releases/{release}"))).unwrap();
    let button = |text: &str| {
        format!("value=\"Environments-1\" aria-label=\"Deploy 1.0.0 to Test\">{text}</button>")
    };
    assert!(page().contains(&button("Deploy")), "{}", page());
    let order = |environment: &str| {
        let path = format!("/releases/{release}/deployments");
        world.http.post_form(&path, &[("environment", environment)])
    };
    let answer = order("Environments-1");
    let task = answer.header("location").trim_start_matches("/tasks/");
    world.ends(task, TaskState::Success);
    assert_eq!(agent.runs(), [1]);
    assert!(page().contains(&button("Deploy again")), "{}", page());
    assert!(page().contains(&format!("href=\"/tasks/{task}\"")));
    // What is wrong with an order is told, and nothing is deployed.
    let wrong = order("Environments-99");
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    assert!(wrong.text.contains("no such environment"), "{}", wrong.text);
    assert_eq!(agent.runs(), [1]);
}
