//! What work leaves: artifacts, from the machine to whoever wants them, and variables for later steps.

use std::fs;

use api::TaskState;
use serde_json::Value;

use crate::{
    agent::{Agent, Step},
    deployments::{deploy, package, release, script, step},
    packages,
    world::World,
};

const ARTIFACTS: &str = "/api/Spaces-1/artifacts";

fn keep(content: &[u8]) -> Vec<Step> {
    vec![Step::Keep("build log.txt", content.to_vec())]
}

/// The artifacts of a task.
fn artifacts(world: &World, task: &str) -> Vec<Value> {
    let list = world.http.get(&format!("{ARTIFACTS}?regarding={task}"));
    list.expect(200)["Items"].as_array().unwrap().clone()
}

/// A world with a machine whose scripts do this, and a release of one step.
fn world(script_steps: Vec<Step>) -> (World, Agent, String) {
    let world = World::new();
    let agent = world.agent("web-1");
    agent.script(script_steps);
    let release = release(&world, &[step("First", "Success", package())]);
    (world, agent, release)
}

#[test]
fn an_artifact_is_kept_and_given_out_whole_and_in_part() {
    let content = packages::noise(300_000, 7);
    let (world, agent, release) = world(keep(&content));
    // The link breaks in the midst of it.
    agent.edit(|state| state.breaks_artifact = Some(123_000));
    let task = deploy(&world, &release);
    world.ends(&task, TaskState::Success);
    assert_eq!(
        agent.edit(|state| state.artifact_reads.clone()),
        [0, 123_000]
    );
    let [artifact] = &artifacts(&world, &task)[..] else {
        panic!("not one");
    };
    assert_eq!(artifact["Filename"], "build log.txt");
    assert_eq!(artifact["ServerTaskId"], task);
    assert_eq!(artifact["Source"], "Machines-1");
    assert_eq!(artifact["Size"], content.len());
    let link = artifact["Links"]["Content"].as_str().unwrap();
    assert_eq!(world.http.bytes(link), content);
    let id = artifact["Id"].as_str().unwrap();
    assert_eq!(
        world.http.get(&format!("{ARTIFACTS}/{id}")).expect(200),
        *artifact
    );
    assert_eq!(artifacts(&world, "ServerTasks-99"), Vec::<Value>::new());
    world
        .http
        .get(&format!("{ARTIFACTS}/Artifacts-99/content"))
        .refusal(404);
}

#[test]
fn an_artifact_that_arrives_damaged_is_told_and_fails_nothing() {
    let (world, agent, release) = world(keep(b"content"));
    agent.edit(|state| state.damages_artifacts = true);
    let task = deploy(&world, &release);
    world.ends(&task, TaskState::Success);
    let log = world.texts(&task).join("\n");
    let words = "The artifact build log.txt could not be kept: it is damaged";
    assert!(log.contains(words), "{log}");
    assert_eq!(artifacts(&world, &task), Vec::<Value>::new());
}

/// A server that is killed before it has stored the outcome fetches what is left, once.
#[test]
fn a_killed_server_keeps_each_artifact_once() {
    let (mut world, agent, release) = world(vec![
        Step::Keep("one.txt", b"one".to_vec()),
        Step::Keep("two.txt", b"two".to_vec()),
        Step::Gate(1),
        Step::Fail("it broke"),
    ]);
    let task = deploy(&world, &release);
    agent.wait("the work runs", |state| state.running() == 1);
    world.kill();
    agent.open_gate(1);
    world.start();
    // Also work that failed has something to keep.
    world.ends(&task, TaskState::Failed);
    let found = artifacts(&world, &task);
    let mut names: Vec<&str> = found
        .iter()
        .map(|one| one["Filename"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["one.txt", "two.txt"]);
    assert_eq!(agent.edit(|state| state.artifact_reads.clone()), [0, 0]);
}

#[test]
fn later_steps_get_what_earlier_ones_have_set() {
    let world = World::new();
    let (one, two) = (world.agent("web-1"), world.agent("web-2"));
    one.script(vec![Step::Set("Address", "10.0.0.1", false)]);
    two.script(vec![
        Step::Set("Address", "10.0.0.2", false),
        Step::Set("Token", "s3cr3t-token", true),
    ]);
    let mut conditional = step("If set", "Variable", script());
    let condition = "#{if Octopus.Action[First].Output.Token}True#{/if}";
    conditional["Properties"]["Octopus.Action.ConditionVariableExpression"] = condition.into();
    let release = release(&world, &[step("First", "Success", package()), conditional]);
    let task = deploy(&world, &release);
    world.ends(&task, TaskState::Success);
    for (agent, own) in [(&one, "10.0.0.1"), (&two, "10.0.0.2")] {
        let orders = agent.edit(|state| state.orders.clone());
        let [_, second] = &orders[..] else {
            panic!("not two orders: {orders:?}");
        };
        let value = |name: &str| {
            let name = format!("Octopus.Action[First].{name}");
            let found = second.iter().find(|one| one.name == name);
            found.map(|one| (one.value.clone(), one.sensitive))
        };
        assert_eq!(value("Output.Address"), Some((own.to_owned(), false)));
        assert_eq!(
            value("Output[web-1].Address"),
            Some(("10.0.0.1".to_owned(), false))
        );
        assert_eq!(
            value("Output[web-2].Address"),
            Some(("10.0.0.2".to_owned(), false))
        );
        assert_eq!(
            value("Output.Token"),
            Some(("s3cr3t-token".to_owned(), true))
        );
        assert_eq!(value("Output[web-1].Token"), None);
    }
    // It is nowhere in the database as it is.
    for entry in fs::read_dir(world.data()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        let secret = b"s3cr3t-token";
        assert!(
            !bytes.windows(secret.len()).any(|part| part == secret),
            "{}",
            path.display()
        );
    }
}
